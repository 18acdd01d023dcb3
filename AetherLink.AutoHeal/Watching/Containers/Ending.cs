namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>What the engine's events told of how a container ended.</summary>
internal enum Ending
{
    /// <summary>Nobody watched: it may have been a person.</summary>
    Unknown,

    /// <summary>Somebody had asked the engine to end it.</summary>
    ByPerson,

    /// <summary>Nobody had asked the engine to.</summary>
    BySelf,

    /// <summary>The engine went away, and it with the engine.</summary>
    WithEngine,
}
