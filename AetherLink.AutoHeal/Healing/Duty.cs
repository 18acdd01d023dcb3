using AetherLink.AutoHeal.Storage;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Healing;

/// <summary>
/// Which replica acts while Postgres is away, where they agree on every restart otherwise: the one that was on duty when Postgres was there
/// last, unless it is away from that one alone. The replicas are told each second, and who says nothing for a while is relieved.
/// </summary>
internal sealed class Duty
{
    private readonly LocalFile<DutyMark> _file;
    private readonly bool _isAlone;
    private volatile DutyMark _mark;
    private volatile Reach _reach;

    /// <summary>Whether somebody else reaches the Postgres that is away from here.</summary>
    private enum Reach
    {
        NotAsked,
        Nobody,
        Somebody,
    }

    /// <param name="file">What one process leaves for the next.</param>
    /// <param name="isAlone">There is one healer, however little it knows: in Development.</param>
    public Duty(LocalFile<DutyMark> file, bool isAlone)
    {
        (_file, _isAlone) = (file, isAlone);
        _mark = file.Read() is [{ } mark, ..] ? mark : new DutyMark(Guid.NewGuid(), null);
    }

    /// <summary>By which Postgres knows it. It goes with the folder, so that a healer that is restarted stays on duty.</summary>
    public Guid Holder => _mark.Holder;

    /// <summary>There are other replicas, who act where Postgres is away from this one alone.</summary>
    public bool HasOthers => _mark is { IsOurs: true, HasOthers: true };

    /// <summary>Why nothing may be restarted from here while Postgres is away; null when it may.</summary>
    public string? WhyNot => _mark.IsOurs switch
    {
        true when HasOthers && _reach == Reach.Somebody => "Postgres is away from here alone: the Command Center reaches it, and so may the other replicas.",
        true when HasOthers && _reach == Reach.NotAsked => "Postgres is away, and the Command Center is being asked whether from here alone.",
        true => null,
        false => "Postgres is away, and until it is back another replica is on duty.",
        null when _isAlone => null,
        null => "Postgres is away, and was never seen from here: nobody knows what was restarted lately, nor who else heals.",
    };

    public static Duty In(DataFolder folder, IHostEnvironment environment, ILogger<Duty> logger) =>
        new(new(Path.Combine(folder.For("duty"), "mark.json"), logger), environment.IsDevelopment());

    /// <summary>What Postgres has said.</summary>
    public void Told(bool isOurs, bool hasOthers = false)
    {
        var told = _mark with { IsOurs = isOurs, HasOthers = hasOthers };
        if (_mark == told)
            return;
        _mark = told;
        _file.Write([told]);
    }

    /// <summary>What the Command Center has said while Postgres was away; null when it is there, and nobody has to be asked.</summary>
    public void Heard(bool? isReached) => _reach = isReached switch
    {
        null => Reach.NotAsked,
        true => Reach.Somebody,
        false => Reach.Nobody,
    };
}

/// <param name="Holder">The healer with this folder.</param>
/// <param name="IsOurs">Whether it was on duty when Postgres was there last; null before the first time.</param>
/// <param name="HasOthers">Whether others asked for it then.</param>
internal sealed record DutyMark(Guid Holder, bool? IsOurs, bool HasOthers = false);
