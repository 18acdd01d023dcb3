namespace AetherLink.Web.Pages;

/// <summary>Where the pages are, from wherever the process was started.</summary>
internal static class WebRoot
{
    private const string Folder = "wwwroot";

    /// <summary>The current folder when the pages are in it (`dotnet run`), else beside the assembly (published, or started elsewhere).</summary>
    public static WebApplicationOptions Options(string[] args) => new()
    {
        Args = args,
        ContentRootPath = Directory.Exists(Path.Combine(Directory.GetCurrentDirectory(), Folder))
            ? Directory.GetCurrentDirectory()
            : AppContext.BaseDirectory,
    };
}
