using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.Web.Tools;

/// <summary>What stands beside the mesh, to look at it with: the way there, and what Grafana has noted.</summary>
internal static class ToolsSlice
{
    /// <summary>Longer than any axis here.</summary>
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(31);

    public static void AddTools(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ToolOptions>().BindConfiguration(ToolOptions.Section)
            .Validate(options => options.AreOfTheWeb(), "Tools:Dashboard, Tools:Grafana and Tools:Prometheus must be http or https URLs without a user.")
            .ValidateOnStart();
        services.AddSingleton<RunningTools>();
        services.AddHttpClient(RunningTools.Client, client => client.Timeout = RunningTools.Patience)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .Bare();
        services.AddAnnotationReader();
    }

    public static void MapTools(this IEndpointRouteBuilder app)
    {
        var tools = app.MapGroup("/api/tools").WithTags("Tools").RequireAuthorization(Policies.ViewOps);
        tools.MapGet("", ToolsAsync).WithName("Tools").WithSummary("What runs beside the mesh, and where a browser finds it.");
        tools.MapGet("/annotations", AnnotationsAsync).WithName("Annotations").WithSummary("What Grafana holds of a time, where it runs.");
    }

    private static async Task<Ok<ToolsAnswer>> ToolsAsync(RunningTools tools, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ToolsAnswer("ok", await tools.AskAsync(cancellationToken)));

    private static async Task<Results<Ok<AnnotationsAnswer>, ProblemHttpResult>> AnnotationsAsync(
        DateTimeOffset? from, DateTimeOffset? to, Caller caller, AnnotationReader annotations, CancellationToken cancellationToken)
    {
        var errors = Check(from, to).ToList();
        if (errors.Count > 0)
            return Problems.Validation(errors);
        // Grafana knows no tenants: what somebody has noted there may be about any of them.
        var notes = caller.TenantId is null ? await annotations.ReadAsync(from!.Value, to!.Value, cancellationToken) : null;
        return TypedResults.Ok(new AnnotationsAnswer(
            "ok", notes is not null, [.. (notes ?? []).Select(note => new Annotation(note.At, note.Until, note.Text, note.Tags))]));
    }

    private static IEnumerable<FieldError> Check(DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from is null)
            yield return new("from", "is required");
        if (to is null)
            yield return new("to", "is required");
        if (to <= from)
            yield return new("to", "must be later than from");
        if (to - from > LongestSpan)
            yield return new("to", $"must be within {LongestSpan.TotalDays:0} days of from");
    }
}
