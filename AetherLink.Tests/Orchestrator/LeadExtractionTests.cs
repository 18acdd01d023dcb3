using System.Reflection;
using System.Text.Json;
using AetherLink.Orchestrator.Local;

namespace AetherLink.Tests.Orchestrator;

public sealed class LeadExtractionTests
{
    private static readonly Dictionary<string, Message> Messages = Load().ToDictionary(m => m.Case, StringComparer.Ordinal);

    public static TheoryData<string> Cases => new(Messages.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Extraction_finds_what_the_message_says(string messageCase)
    {
        var message = Messages[messageCase];

        var lead = LeadExtraction.Extract(message.Text);

        Assert.Equal(
            (message.Name, message.Email, message.Company, message.Phone, string.Join(", ", message.Tags)),
            (lead.Name, lead.Email, lead.Company, lead.Phone, string.Join(", ", lead.Tags)));
        Assert.Equal("new", lead.Status);
    }

    [Fact]
    public void Extraction_is_deterministic()
    {
        foreach (var message in Messages.Values)
        {
            var (first, second) = (LeadExtraction.Extract(message.Text), LeadExtraction.Extract(message.Text));

            Assert.Equal(JsonSerializer.Serialize(first), JsonSerializer.Serialize(second));
        }
    }

    private static Message[] Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("leads.json")!;
        return JsonSerializer.Deserialize<Message[]>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record Message(
        string Case, string Text, string? Name, string? Email, string? Company, string? Phone, IReadOnlyList<string> Tags);
}
