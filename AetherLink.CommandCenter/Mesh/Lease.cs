namespace AetherLink.CommandCenter.Mesh;

/// <summary>A registration holds until its lease ends; each registration renews it.</summary>
internal static class Lease
{
    /// <summary>Whoever was last seen before this is gone.</summary>
    public static DateTimeOffset Bound(DateTimeOffset now, TimeSpan lease) => now - lease;

    public static bool IsExpired(DateTimeOffset lastSeen, DateTimeOffset now, TimeSpan lease) => lastSeen < Bound(now, lease);
}
