namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>
/// The one setting, for every series. What each is worth, and how little its neighbours differ, stands in docs/anomalies.md.
/// </summary>
internal static class DetectorSettings
{
    /// <summary>Nothing is scored before this many points: two points are no history.</summary>
    public const int WarmUp = 30;

    /// <summary>Points over which the level is taken; the seasons have what is quicker than this.</summary>
    public const double LevelPoints = 1500;

    /// <summary>Points over which the usual deviation is taken.</summary>
    public const double DeviationPoints = 3000;

    /// <summary>Days that an hour of the day remembers, and weeks that an hour of the week does.</summary>
    public const float DaysRemembered = 10;

    public const float WeeksRemembered = 20;

    /// <summary>How many visits an hour needs until half of what it says is believed: a weekly season is believed later than a daily one.</summary>
    public const float DayPrior = 1;

    public const float WeekPrior = 2;

    /// <summary>Points over which the plain residual is averaged: a drift shows, one odd point hardly.</summary>
    public const double DriftPoints = 16;

    /// <summary>Points over which the residual in units of its hour's deviation is averaged: a spike, a burst, a shift.</summary>
    public static readonly double[] BurstPoints = [3, 6, 12];

    /// <summary>One point counts as this many usual deviations at most.</summary>
    public const double MostDeviations = 20;

    /// <summary>What is beyond all but this share of a statistic's history begins an event.</summary>
    public const double UsualDrift = 0.993;

    public const double UsualBurst = 0.995;

    /// <summary>An event is over after this many usual points.</summary>
    public const int EventGapPoints = 50;

    /// <summary>Points over which an earlier event fades.</summary>
    public const double EventMemoryPoints = 10_000;

    /// <summary>An earlier event of the same size counts half as "as large"; one e^0.2 (22 %) larger or smaller, three quarters or one.</summary>
    public const double EventSoftness = 0.2;

    /// <summary>After a peak only what adds to it speaks, for this many points.</summary>
    public const int RestPoints = 120;

    /// <summary>Within the rest a statistic this many times (as a logarithm) its last peak is news.</summary>
    public const double NewsFactor = 1.0;

    /// <summary>The likelihood from which a point is detected: about once in 2,000 points of an ordinary series.</summary>
    public const double DetectedFrom = 0.68;

    /// <summary>The strength from which somebody is told: ordinary series hardly reach 4 in a month of five minutes.</summary>
    public const double AnomalousFrom = 6;

    /// <summary>The same for a young series, whose first weekend (up to 27) nothing has foretold.</summary>
    public const double AnomalousFromYoung = 40;

    /// <summary>A week, and a day to compare its beginning with.</summary>
    public static readonly TimeSpan Young = TimeSpan.FromDays(8);
}
