using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AetherLink.Web.Live;

/// <summary>What goes to a browser as it is, encoded once for all of them.</summary>
/// <param name="Sequence">The id on the stream; null for what the gateway says of itself.</param>
/// <param name="TenantId">Whose it is; null for everybody's.</param>
/// <param name="Bytes">The frame.</param>
internal sealed record LiveMessage(long? Sequence, string? TenantId, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A browser that starts over: it asks for everything again instead of resuming.</summary>
    public static LiveMessage Reset { get; } = new(null, null, "event: gateway.reset\ndata: {}\n\n"u8.ToArray());

    public static LiveMessage Heartbeat { get; } = new(null, null, ": heartbeat\n\n"u8.ToArray());

    private static LiveMessage Connected { get; } = new(null, null, "event: gateway.state\ndata: {\"connected\":true}\n\n"u8.ToArray());

    private static LiveMessage Disconnected { get; } = new(null, null, "event: gateway.state\ndata: {\"connected\":false}\n\n"u8.ToArray());

    private static readonly ReadOnlyMemory<byte> MovedOn = "event: gateway.moved\ndata: {}\n\n"u8.ToArray();

    /// <summary>Whether the gateway hears the Command Center.</summary>
    public static LiveMessage State(bool connected) => connected ? Connected : Disconnected;

    /// <summary>Deliveries of a tenant, or of all, have moved on without an event: whoever shows them asks again.</summary>
    public static LiveMessage Moved(string? tenant) => new(null, tenant, MovedOn);

    /// <summary>An id without data: the browser remembers it, and has nothing to show.</summary>
    public static LiveMessage Position(long sequence) =>
        new(null, null, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {sequence}\n\n")));

    public static LiveMessage Of(long sequence, string type, ReadOnlyMemory<byte> data)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {sequence}\nevent: {type}\ndata: "));
        return new(sequence, TenantOf(data.Span), (byte[])[.. head, .. data.Span, (byte)'\n', (byte)'\n']);
    }

    /// <summary>An event whose tenant cannot be told belongs to no tenant that somebody is confined to.</summary>
    public bool IsFor(string? tenant) => tenant is null || (Sequence is null && TenantId is null) || string.Equals(TenantId, tenant, StringComparison.Ordinal);

    private static string TenantOf(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        try
        {
            while (json.Read())
            {
                if (json.CurrentDepth != 1 || json.TokenType != JsonTokenType.PropertyName)
                    continue;
                var isTenant = json.ValueTextEquals("tenant_id"u8);
                json.Read();
                if (isTenant && json.TokenType == JsonTokenType.String)
                    return json.GetString()!;
                json.Skip();
            }
        }
        catch (JsonException)
        {
            return "";
        }
        return "";
    }
}
