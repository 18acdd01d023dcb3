using System.Reflection;
using System.Text.Json;
using System.Text.Unicode;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>
/// The body of a request as JSON, to be read field by field: so that all that is wrong with it is named at once. A handler
/// takes it as a parameter.
/// </summary>
internal sealed record JsonBody(JsonElement Root)
{
    public static async ValueTask<JsonBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        var optional = new NullabilityInfoContext().Create(parameter).WriteState is NullabilityState.Nullable;
        if (optional && request.ContentLength is null or 0 && request.ContentType is null)
        {
            return null;
        }
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body must be application/json.", StatusCodes.Status415UnsupportedMediaType);
        }
        var body = await ReadAsync(request.Body, context.RequestAborted);
        if (!Utf8.IsValid(body.Span))
        {
            throw new BadHttpRequestException("The body is not valid UTF-8.");
        }
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind is JsonValueKind.Object && HasReadableNames(document.RootElement))
            {
                return new(document.RootElement.Clone());
            }
        }
        catch (InvalidOperationException)
        {
            // A name that is not: the parser meets it first when it looks for duplicates.
        }
        throw new BadHttpRequestException("The body must be a JSON object, with names that are valid Unicode.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream from, CancellationToken cancellationToken)
    {
        // With all of it read, one byte more tells whether there is more than may be.
        var body = new byte[AlertLimits.BodyBytes + 1];
        var length = await from.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= AlertLimits.BodyBytes
            ? body.AsMemory(0, length)
            : throw new BadHttpRequestException(
                $"The body is at most {AlertLimits.BodyBytes / 1024} kB.", StatusCodes.Status413PayloadTooLarge);
    }

    // Half a surrogate pair parses, and throws when the name is compared with one that is looked for.
    private static bool HasReadableNames(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(property => property.Name.Length >= 0 && HasReadableNames(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(HasReadableNames),
        _ => true,
    };
}
