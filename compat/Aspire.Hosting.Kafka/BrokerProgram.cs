using System.Reflection;

namespace Aspire.Hosting.Kafka;

/// <summary>The broker for development and tests: <c>dotnet PATH [--port N] [--topic NAME]...</c>, see its folder.</summary>
internal static class BrokerProgram
{
    /// <summary>Where its dll was built to, noted in this assembly by the build.</summary>
    public static string Path { get; } = typeof(BrokerProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "KafkaBroker").Value!;
}
