using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Settings;
using Microsoft.Extensions.Configuration;

namespace AetherLink.Tests.Orchestrator;

public sealed class ReloadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string Renamed = """
        version: 1
        providers:
          - {name: another, type: local, capabilities: [extract-lead]}
        """;

    [Fact]
    public async Task Edit_is_taken_over_without_a_restart()
    {
        await using var app = await OrchestratorApp.StartAsync();

        await File.WriteAllTextAsync(app.ProvidersFile, Renamed);

        await Eventually.True(async () => await Order(app) == """["another"]""", Patience, "the edit is in force");
        using var response = await app.ExtractAsync();
        Assert.Equal("another", (string?)(await OrchestratorApp.ReadAsync(response))["used_provider"]);
    }

    [Fact]
    public async Task Wrong_edit_is_told_and_leaves_the_chain_in_force()
    {
        await using var app = await OrchestratorApp.StartAsync();

        await File.WriteAllTextAsync(app.ProvidersFile, "version: 1\nproviders:\n  - {name: a, type: psychic, capabilities: [extract]}\n");
        await Eventually.True(() => !app.Events.IsEmpty, Patience, "the event");

        var told = app.Events.Single();
        Assert.Equal(("ai.config.rejected", "error"), ((string?)told["event_type"], (string?)told["severity"]));
        Assert.Equal(
            """{"file":"ai-providers.yaml","faults":["line 3: provider a: type must be one of claude, openai, ollama, http, local, not 'psychic'"]}""",
            OrchestratorApp.Settled(told["payload"]!));
        Assert.Equal("""["local"]""", await Order(app));

        await File.WriteAllTextAsync(app.ProvidersFile, Renamed);
        await Eventually.True(async () => await Order(app) == """["another"]""", Patience, "the next good edit is in force");
    }

    [Fact]
    public async Task File_that_is_gone_is_told_and_leaves_the_chain_in_force()
    {
        await using var app = await OrchestratorApp.StartAsync();

        File.Delete(app.ProvidersFile);
        await Eventually.True(() => !app.Events.IsEmpty, Patience, "the event");

        var told = app.Events.Single();
        Assert.Equal("ai.config.rejected", (string?)told["event_type"]);
        Assert.Equal(
            """{"file":"ai-providers.yaml","faults":["the file, or one that it names, cannot be read: the next start would fail"]}""",
            OrchestratorApp.Settled(told["payload"]!));
        Assert.Equal("""["local"]""", await Order(app));

        await File.WriteAllTextAsync(app.ProvidersFile, Renamed);
        await Eventually.True(async () => await Order(app) == """["another"]""", Patience, "the next good edit is in force");
    }

    [Fact]
    public async Task Prompt_that_could_not_be_read_is_a_change_once_it_can()
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-texts-");
        var (file, prompt) = (Path.Combine(folder.FullName, "ai-providers.yaml"), Path.Combine(folder.FullName, "lead.v2.md"));
        await File.WriteAllTextAsync(file, Renamed);
        await File.WriteAllTextAsync(prompt, "Extract it.");
        var texts = SettingsTexts.Of(file, new ConfigurationBuilder().Build());

        await using (new FileStream(prompt, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Throws<IOException>(() => texts.Beside("lead.v2.md"));

        Assert.True(texts.HaveChanged());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Provider_that_did_not_change_keeps_its_history_over_an_edit()
    {
        await using var app = await OrchestratorApp.StartAsync();
        (await app.ExtractAsync()).Dispose();

        await File.WriteAllTextAsync(app.ProvidersFile, OrchestratorApp.LocalOnly + "\n  - {name: second, type: local, capabilities: [extract-lead]}\n");
        await Eventually.True(async () => await Order(app) == """["local","second"]""", Patience, "the edit is in force");

        var health = (await app.Client.GetFromJsonAsync<JsonNode>("/providers/health"))!;
        Assert.Equal((1, 0), ((int)health["local"]!["total_calls"]!, (int)health["second"]!["total_calls"]!));
    }

    [Fact]
    public async Task Wrong_file_stops_the_start_with_every_fault()
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => OrchestratorApp.StartAsync("version: 3\nproviders: []\n"));

        Assert.Equal(
            """
            ai-providers.yaml is not valid:
              line 1: version must be 1, not '3'
              line 2: providers must list at least one provider
            """,
            failure.Message);
    }

    [Fact]
    public async Task Missing_file_stops_the_start_with_the_fix()
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() =>
            OrchestratorApp.StartAsync(settings: ("AI_PROVIDERS_FILE", "/nowhere/at/all.yaml")));

        Assert.Equal(
            "/nowhere/at/all.yaml is not valid:\n  there is no such file; set AI_PROVIDERS_FILE to the path of ai-providers.yaml",
            failure.Message);
    }

    private static async Task<string> Order(OrchestratorApp app) =>
        (await app.Client.GetFromJsonAsync<JsonNode>("/ping"))!["providers"]!.ToJsonString();
}
