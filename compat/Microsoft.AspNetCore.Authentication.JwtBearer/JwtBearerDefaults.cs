namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>Defaults of bearer token authentication.</summary>
public static class JwtBearerDefaults
{
    /// <summary>The scheme's name.</summary>
    public const string AuthenticationScheme = "Bearer";
}
