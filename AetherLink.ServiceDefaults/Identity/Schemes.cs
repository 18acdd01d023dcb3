namespace AetherLink.ServiceDefaults;

internal static class Schemes
{
    /// <summary>Chooses among the others by what the request carries.</summary>
    public const string Chosen = "aetherlink";

    /// <summary>A mesh token as bearer.</summary>
    public const string Mesh = "mesh";

    /// <summary>A mesh token in <see cref="GatewayHeader"/>, beside the headers of the person it speaks for.</summary>
    public const string Gateway = "gateway";

    /// <summary>A token of the OIDC issuer, when one is configured.</summary>
    public const string Oidc = "oidc";

    /// <summary>The roles header.</summary>
    public const string Header = "header";

    public const string GatewayHeader = "X-Mesh-Token";

    /// <summary>The one resource that may speak for people.</summary>
    public const string GatewayResource = "web";
}
