using System.Text.Json;
using AetherLink.Nab.Scoring;

namespace AetherLink.Tests.Bench;

/// <summary>Our scorer gives the figures that the benchmark gives.</summary>
public sealed class NabScorerTests
{
    [NabDataFact]
    public void Two_published_detectors_get_the_scores_that_were_published_for_them()
    {
        var thresholds = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(
            File.ReadAllText(Path.Combine(NabDataFactAttribute.Folder!, "published", "thresholds.json")))!;

        Assert.Equal((74.1, 71.7), Scores("contextOSE"));
        Assert.Equal((71.2, 64.8), Scores("numenta"));

        (double Standard, double LowFalsePositives) Scores(string detector)
        {
            var corpus = NabHalf.Published(detector);
            return (Score(Profile.Standard), Score(Profile.LowFalsePositives));

            double Score(Profile profile) => Math.Round(Scorer.Score(profile, corpus, thresholds[detector][profile.Name]), 1);
        }
    }

    [NabDataFact]
    public void The_threshold_that_is_found_is_never_worse_than_the_published_one()
    {
        var corpus = NabHalf.Published("contextOSE");
        foreach (var profile in Profile.All)
        {
            var (threshold, score) = ThresholdSearch.Best(profile, corpus);

            Assert.Equal(score, Scorer.Score(profile, corpus, threshold), 9);
            Assert.True(score > Scorer.Score(profile, corpus, 0.7655273437500002) - 1e-9, $"{profile.Name}: {score}");
        }
    }

    [Fact]
    public void Silence_scores_nothing_and_the_first_point_of_each_window_everything()
    {
        var labels = Labels();

        Assert.Equal(0, Scorer.Score(Profile.Standard, [(labels, new double[1000])], 0.5));
        Assert.Equal(100, Scorer.Score(Profile.Standard, [(labels, Detected(400, 800))], 0.5), 9);
    }

    [Fact]
    public void A_window_counts_once_and_an_alarm_outside_costs_what_the_profile_says()
    {
        var labels = Labels();

        Assert.Equal(100, Scorer.Score(Profile.Standard, [(labels, Detected(400, 410, 420, 800))], 0.5), 9);
        Assert.Equal(100 - (100 * 0.11 / 4), Scorer.Score(Profile.Standard, [(labels, Detected(200, 400, 800))], 0.5), 9);
        Assert.Equal(100 - (100 * 0.22 / 4), Scorer.Score(Profile.LowFalsePositives, [(labels, Detected(200, 400, 800))], 0.5), 9);
    }

    [Fact]
    public void An_alarm_soon_after_a_window_costs_less_than_one_far_away_and_one_in_the_probation_nothing()
    {
        var labels = Labels();

        Assert.True(Score(502, 800, 400) > Score(650, 800, 400));
        Assert.Equal(Score(400, 800), Score(10, 149, 400, 800), 9);

        double Score(params int[] points) => Scorer.Score(Profile.Standard, [(labels, Detected(points))], 0.5);
    }

    // A thousand minutes with windows at 400..499 and 800..899.
    private static LabelledSeries Labels()
    {
        var times = Enumerable.Range(0, 1000).Select(minute => DateTime.UnixEpoch.AddMinutes(minute)).ToArray();
        return LabelledSeries.Of(new("series", times, new double[1000]), [new(times[400], times[499]), new(times[800], times[899])]);
    }

    private static double[] Detected(params int[] points)
    {
        var scores = new double[1000];
        Array.ForEach(points, point => scores[point] = 1);
        return scores;
    }
}
