using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AetherLink.ServiceDefaults;

/// <summary>What a request may weigh, and how long it may take to arrive.</summary>
internal static class Limits
{
    /// <summary>A body is at most this, unless its endpoint says otherwise with <c>[RequestSizeLimit]</c>.</summary>
    public const long BodyBytes = 1 << 20;

    /// <summary>A token of an issuer with many roles is some kilobytes, and a session's cookies are a few more.</summary>
    private const int HeaderBytes = 32 * 1024;
    private const int Headers = 64;

    /// <summary>The longest list of filters in a query has a tenth of it.</summary>
    private const int LineBytes = 8 * 1024;

    /// <summary>Long enough for any honest line; who sends a byte a second holds a connection no longer than this.</summary>
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    public static void Set(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        kestrel.Limits.MaxRequestHeaderCount = Headers;
        kestrel.Limits.MaxRequestLineSize = LineBytes;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
    }
}
