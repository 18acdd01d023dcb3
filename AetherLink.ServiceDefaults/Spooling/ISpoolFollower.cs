namespace AetherLink.ServiceDefaults;

/// <summary>
/// Sees each record of a spool before it is handed on, in order, and once more after a crash: what follows from a record costs
/// nothing where that is written, and is not lost with the process. Registered by the topic as its key.
/// </summary>
public interface ISpoolFollower
{
    /// <summary>It throws nothing: the records behind this one must be handed on.</summary>
    void See(ReadOnlySpan<byte> value);
}
