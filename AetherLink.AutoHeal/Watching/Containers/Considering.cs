using AetherLink.AutoHeal.Healing;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>
/// Decides on containers without waiting for their heals: one's verification must not blind the watch over the others. What
/// happens to a target while it is considered has it considered once more.
/// </summary>
internal sealed class Considering(Healer healer, ILogger<Considering> logger)
{
    private readonly Dictionary<string, bool> _again = new(StringComparer.Ordinal);

    public void Begin(HealTarget target, CancellationToken stopping)
    {
        lock (_again)
        {
            if (!_again.TryAdd(target.Name, false))
            {
                _again[target.Name] = true;
                return;
            }
        }

        _ = Task.Run(() => ConsiderAsync(target, stopping), CancellationToken.None);
    }

    private async Task ConsiderAsync(HealTarget target, CancellationToken stopping)
    {
        do
        {
            try
            {
                await healer.ConsiderAsync(target, stopping);
                if (IsWanted(target))
                    await healer.ConsiderAsync(target, await target.LookAsync(stopping), stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // One target's fault must not end the watch over it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Log.LookFailed(logger, failure, target.Name);
            }
        }
        while (!IsDone(target) && !stopping.IsCancellationRequested);
    }

    /// <summary>Something happened meanwhile; asking takes note of it.</summary>
    private bool IsWanted(HealTarget target)
    {
        lock (_again)
        {
            var again = _again.GetValueOrDefault(target.Name);
            _again[target.Name] = false;
            return again;
        }
    }

    private bool IsDone(HealTarget target)
    {
        lock (_again)
            return !_again.GetValueOrDefault(target.Name) && _again.Remove(target.Name);
    }
}
