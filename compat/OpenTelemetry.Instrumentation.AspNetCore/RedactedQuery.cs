using System.Text;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>A query string whose values are hidden, because they may be secrets: <c>?a=1&amp;b</c> is <c>?a=Redacted&amp;b</c>.</summary>
internal static class RedactedQuery
{
    public static string Of(string query)
    {
        var text = new StringBuilder(query.Length);
        var inValue = false;
        foreach (var c in query)
        {
            if (c == '&')
                inValue = false;
            if (!inValue)
                text.Append(c);
            if (c == '=' && !inValue)
            {
                inValue = true;
                text.Append("Redacted");
            }
        }

        return text.ToString();
    }
}
