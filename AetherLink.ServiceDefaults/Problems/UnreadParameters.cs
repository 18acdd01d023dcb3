using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Which optional parameters of a question could not be read. A handler that the compiler has bound answers those with a bare 400; a
/// required one throws (<see cref="Failures"/>).
/// </summary>
internal static class UnreadParameters
{
    public static IReadOnlyList<FieldError> Of(HttpContext http) =>
        [.. (http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
            .Where(parameter => parameter.HasTryParse)
            .Select(parameter => (Field: OnTheWire(parameter.Name), Type: parameter.ParameterInfo.ParameterType))
            .Select(parameter => (parameter.Field, parameter.Type, Text: http.Request.Query[parameter.Field].ToString()))
            .Where(parameter => parameter.Text.Length > 0 && !IsRead(Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type, parameter.Text))
            .Select(parameter => NotValid(parameter.Field, parameter.Text))];

    public static FieldError NotValid(string field, string text) => new(field, $"\"{text}\" is not valid here");

    /// <summary>The name is a parameter's or a property's; on the wire it is snake_case.</summary>
    public static string OnTheWire(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static bool IsRead(Type type, string text) => type switch
    {
        _ when type == typeof(int) => int.TryParse(text, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(long) => long.TryParse(text, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(Guid) => Guid.TryParse(text, out _),
        _ when type == typeof(DateTimeOffset) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out _),
        _ => TypeDescriptor.GetConverter(type).IsValid(text),
    };
}
