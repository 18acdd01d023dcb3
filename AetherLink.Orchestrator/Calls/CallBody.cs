using System.Text.Json;

namespace AetherLink.Orchestrator.Calls;

/// <summary>
/// The body of a call as JSON, so that everything wrong with it is named at once. It is no body to the framework, which would
/// document it as any JSON: its form is the one of <see cref="OrchestrateRequest"/>.
/// </summary>
internal sealed record CallBody(JsonElement Json)
{
    public static async ValueTask<CallBody> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new BadHttpRequestException("The body must be application/json.", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return new(body.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body is not valid JSON.", e);
        }
    }
}
