namespace AetherLink.CommandCenter.Events;

/// <summary>The bounds of the HTTP contract.</summary>
internal static class EventLimits
{
    public const int EventBytes = 64 * 1024;
    public const int BatchBytes = 8 * 1024 * 1024;
    public const int BatchEvents = 1_000;

    public const int EventIdLength = 128;
    public const int SourceLength = 256;
    public const int TenantLength = 128;
    public const int TraceIdLength = 32;

    /// <summary>A producer's clock may be ahead by this much; more is a wrong date.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    public const int DefaultPage = 50;
    public const int LargestPage = 500;

    /// <summary>Entries of a list of names, as large as the catalogue of services may be: who asks for no less has it whole.</summary>
    public const int MostNames = 1_000;
}
