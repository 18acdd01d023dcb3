using System.Globalization;
using System.Text.Json;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>
/// What a JSON parser lets through and <c>jsonb</c> refuses: <c>\u0000</c>, half a surrogate pair, and numbers beyond the range
/// of <c>numeric</c>. One of them would fail a whole batch, so they are found before.
/// </summary>
internal static class JsonbFitness
{
    // numeric's own bounds: digits before and after the decimal point, and what its input takes for an exponent.
    private const int IntegerDigits = 131_072;
    private const int FractionDigits = 16_383;
    private const int LargestExponent = (int.MaxValue / 2) - 1;

    /// <summary>Null when it fits, else the reason. The JSON must be valid.</summary>
    public static string? Misfit(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var property = "";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName or JsonTokenType.String when reader.ValueIsEscaped:
                    if (MisfitOfText(reader.ValueSpan) is { } text)
                    {
                        return reader.TokenType is JsonTokenType.PropertyName ? $"a name holds {text}" : $"{Named(property)} holds {text}";
                    }
                    break;
                case JsonTokenType.Number when MisfitOfNumber(reader.ValueSpan):
                    return $"{Named(property)} is a number out of range";
            }
            if (reader.TokenType is JsonTokenType.PropertyName && !(reader.ValueIsEscaped && MisfitOfText(reader.ValueSpan) is not null))
            {
                property = reader.GetString() ?? "";
            }
        }
        return null;
    }

    private static string Named(string property) => property.Length is > 0 and <= 64 ? $"'{property}'" : "a value";

    private static string? MisfitOfText(ReadOnlySpan<byte> escaped)
    {
        var highPending = false;
        for (var at = 0; at < escaped.Length;)
        {
            if (escaped[at] != (byte)'\\' || escaped[at + 1] != (byte)'u')
            {
                if (highPending)
                {
                    return "half a surrogate pair";
                }
                at += escaped[at] == (byte)'\\' ? 2 : 1;
                continue;
            }
            var unit = (char)ushort.Parse(escaped.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            at += 6;
            if (unit == '\0')
            {
                return "\\u0000, which cannot be stored";
            }
            if (char.IsLowSurrogate(unit) != highPending)
            {
                return "half a surrogate pair";
            }
            highPending = char.IsHighSurrogate(unit);
        }
        return highPending ? "half a surrogate pair" : null;
    }

    private static bool MisfitOfNumber(ReadOnlySpan<byte> number)
    {
        var exponentAt = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = (exponentAt < 0 ? number : number[..exponentAt]).TrimStart((byte)'-');
        var exponent = 0;
        if (exponentAt >= 0
            && (!int.TryParse(number[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs((long)exponent) > LargestExponent))
        {
            return true;
        }
        var point = mantissa.IndexOf((byte)'.');
        var integer = point < 0 ? mantissa.Length : point;
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        return fraction - exponent > FractionDigits || (LeadingZeros(mantissa) is { } zeros && integer - zeros + exponent > IntegerDigits);
    }

    /// <summary>Digits before the first that counts; null where none does, and zero fits whatever its exponent is.</summary>
    private static int? LeadingZeros(ReadOnlySpan<byte> mantissa)
    {
        var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
        return first < 0 ? null : first - mantissa[..first].Count((byte)'.');
    }
}
