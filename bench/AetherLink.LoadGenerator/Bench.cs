namespace AetherLink.LoadGenerator;

/// <summary>A run: where the product is, where its files go, and how thorough it is.</summary>
internal sealed record Bench(string Root, string Folder, bool Quick)
{
    /// <summary>Given to the services besides what the AppHost would give, and to nobody who is measured beside them.</summary>
    public IReadOnlyDictionary<string, string> ServiceEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Called for what explains a figure, and is no row of the table.</summary>
    public Action<string> Explain { get; init; } = static _ => { };

    /// <summary>Whether it is found out what explains a figure, by Postgres' account of its statements for one: that takes a little of what is measured.</summary>
    public bool IsProfiled { get; init; }

    /// <summary>At least; it lasts until the runtime has compiled the hot paths anew.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 2 : 8);

    public TimeSpan Measured => TimeSpan.FromSeconds(Quick ? 2 : 12);
}
