using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <content>Expressions in the manifest. A parameter in the format <c>uri</c> is a value of its own there.</content>
public sealed partial class ManifestPublishingContext
{
    private readonly Dictionary<ParameterResource, string> _encoded = [];
    private readonly HashSet<string> _resourceNames = new(StringComparer.OrdinalIgnoreCase);

    private string? ExpressionOf(object source, string? otherwise)
    {
        if (source is not ReferenceExpression expression)
        {
            return otherwise;
        }

        var parts = expression.ManifestExpressions
            .Select((part, index) => expression.StringFormats[index] is not null && ParameterOf(expression.ValueProviders[index]) is { } parameter
                ? $"{{{EncodedName(parameter)}.value}}"
                : part)
            .ToArray<object>();
        return string.Format(CultureInfo.InvariantCulture, expression.Format, parts);
    }

    private static ParameterResource? ParameterOf(IValueProvider provider) => provider switch
    {
        ParameterResource parameter => parameter,
        ReferenceExpression { Format: "{0}", ValueProviders: [ParameterResource only] } => only,
        _ => null,
    };

    private string EncodedName(ParameterResource parameter)
    {
        if (!_encoded.TryGetValue(parameter, out var name))
        {
            var stem = $"{parameter.Name}-{ReferenceExpression.UriEncoded}-encoded";
            name = stem;
            for (var suffix = 1; !_resourceNames.Add(name); suffix++)
            {
                name = $"{stem}-{suffix}";
            }

            _encoded[parameter] = name;
        }

        return name;
    }

    private void WriteEncoded(ParameterResource parameter)
    {
        if (_encoded.Remove(parameter, out var name))
        {
            Writer.WriteStartObject(name);
            Writer.WriteString("type", "annotated.string");
            Writer.WriteString("value", parameter.ValueExpression);
            Writer.WriteString("filter", ReferenceExpression.UriEncoded);
            Writer.WriteEndObject();
        }
    }
}
