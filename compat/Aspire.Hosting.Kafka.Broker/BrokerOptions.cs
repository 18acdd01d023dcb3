using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Aspire.Hosting.Kafka.Broker;

/// <param name="Port">The fixed port at which clients find the broker; none: only the one that the mock picks.</param>
/// <param name="Topics">Topics that exist from the start; others appear when a producer first names them.</param>
internal sealed record BrokerOptions(int? Port, IReadOnlyList<string> Topics)
{
    public const string Usage = "usage: dotnet Aspire.Hosting.Kafka.Broker.dll [--port N] [--topic NAME]...";

    public static bool TryParse(string[] args, [NotNullWhen(true)] out BrokerOptions? options, [NotNullWhen(false)] out string? wrong)
    {
        (options, wrong) = (null, null);
        int? port = null;
        List<string> topics = [];
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            if (args[i] == "--topic" && value.Length > 0)
                topics.Add(value);
            else if (args[i] == "--port" && ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                port = number;
            else
                wrong = $"Not understood: {args[i]} {value}".TrimEnd() + ".";
        }

        if (wrong is not null) return false;
        options = new(port, topics);
        return true;
    }
}
