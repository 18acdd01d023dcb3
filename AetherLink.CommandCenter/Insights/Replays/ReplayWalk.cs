using AetherLink.CommandCenter.Failures;

namespace AetherLink.CommandCenter.Insights.Replays;

/// <summary>Looks from the newest on until a page is full: at no more than that takes, as far as it is known beforehand.</summary>
internal sealed class ReplayWalk(ReplayCandidates candidates)
{
    public async Task<ReplayRecommendations> PageAsync(
        IReadOnlyCollection<Recommendation> wanted, Guid? before, string? tenant, DateTimeOffset since, int limit, CancellationToken cancellationToken)
    {
        var page = new List<ReplayRecommendation>(limit);
        var (looked, isMore) = (0, true);
        // Twice as many each time: where few are what is wanted, that is hardly slower than all at once.
        for (var step = limit; isMore && page.Count < limit && looked < ReplayCandidates.Most; step *= 2)
        {
            var most = Math.Min(step, ReplayCandidates.Most - looked);
            var found = await candidates.ReadAsync(before, tenant, since, most, cancellationToken);
            isMore = found.Count == most;
            foreach (var candidate in found)
            {
                if (page.Count == limit)
                {
                    isMore = true;
                    break;
                }
                looked++;
                before = candidate.Id;
                if (candidate.Recommendation is { } one && wanted.Contains(one.Recommendation))
                {
                    page.Add(one);
                }
            }
        }
        return new("ok", page.Count, looked, isMore ? before?.ToString("N") : null, page);
    }
}
