using AetherLink.AutoHeal.Healing;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>
/// Decides on containers without waiting for their heals: one's verification must not blind the watch over the others. What
/// happens to a target while it is considered has it considered once more.
/// </summary>
internal sealed class Considering(Healer healer, ILogger<Considering> logger)
{
    /// <summary>What is being considered, and what is to be considered next under that name: a container that was made anew is another one.</summary>
    private readonly Dictionary<string, HealTarget?> _again = new(StringComparer.Ordinal);

    public void Begin(HealTarget target, CancellationToken stopping)
    {
        lock (_again)
        {
            if (!_again.TryAdd(target.Name, null))
            {
                _again[target.Name] = target;
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
                if (Wanted(target.Name) is { } again)
                {
                    target = again;
                    await healer.ConsiderAsync(target, await target.LookAsync(stopping), stopping);
                }
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
    private HealTarget? Wanted(string name)
    {
        lock (_again)
        {
            var again = _again.GetValueOrDefault(name);
            _again[name] = null;
            return again;
        }
    }

    private bool IsDone(HealTarget target)
    {
        lock (_again)
            return _again.GetValueOrDefault(target.Name) is null && _again.Remove(target.Name);
    }
}
