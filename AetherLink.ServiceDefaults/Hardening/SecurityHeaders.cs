namespace AetherLink.ServiceDefaults;

/// <summary>Headers that every answer has unless its endpoint says otherwise.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        Put(context.Response.Headers);
        return next(context);
    });

    /// <summary>Again, where an exception has taken the headers off the answer.</summary>
    public static void Put(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
