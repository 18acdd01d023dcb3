using System.Text.Json.Nodes;
using AetherLink.Tests.AutoHeal.Docker;

namespace AetherLink.Tests.AutoHeal;

public sealed class LogLevelTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Warning", new[] { "warning" })]
    [InlineData("information", new[] { "info", "warning" })]
    public async Task Healer_says_what_is_at_least_of_the_level_that_its_environment_names(string level, string[] said)
    {
        var folder = Directory.CreateTempSubdirectory("aether-heal-");
        try
        {
            // No Command Center either, of which it warns.
            using var healer = HealerProcess.Start(
                "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1", folder.FullName, $"unix://{folder}/no-engine.sock", ("LOG_LEVEL", level));

            await Eventually.True(() => Levels(healer).Contains("warning", StringComparer.Ordinal), Soon, "it warns");

            Assert.Equal(said, Levels(healer));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Levels(HealerProcess healer) =>
    [
        .. healer.Lines.Where(line => line.StartsWith('{')).Select(line => (string)JsonNode.Parse(line)!["level"]!).Distinct().Order(),
    ];
}
