namespace AetherLink.CommandCenter.Storage;

/// <summary>The mesh's key and the one before it, from which the keys are derived for what lies in Postgres.</summary>
internal static class MeshKeys
{
    public const string PreviousName = "MESH_KEY_PREVIOUS";

    /// <summary>
    /// Only Development starts without a mesh key (<c>Identity</c>): what a service sealed that runs there by itself it can read again.
    /// </summary>
    private const string OfNobody = "a service that runs by itself";

    public static string Current(IConfiguration configuration) => configuration["MESH_KEY"] is { Length: > 0 } key ? key : OfNobody;

    /// <summary>Null unless the key is being changed.</summary>
    public static string? Previous(IConfiguration configuration) => configuration[PreviousName] is { Length: > 0 } key ? key : null;
}
