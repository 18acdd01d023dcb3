using System.Globalization;
using System.Text;
using System.Text.Json;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.CommandCenter.Events.Streaming;

/// <summary>An event as it goes over the wire, encoded once for all who see it. What is no event has the number zero.</summary>
internal sealed record Frame(long Sequence, StoredEvent? Event, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Whose affair it is, of what is no event; null for everybody's.</summary>
    public string? TenantId { get; init; }

    /// <summary>A comment: it keeps proxies and clients from giving the connection up.</summary>
    public static Frame Heartbeat { get; } = new(0, null, ": heartbeat\n\n"u8.ToArray());

    /// <summary>A comment for whoever shows deliveries: those of a tenant, or of all, have moved on.</summary>
    public static Frame Moved(string? tenant) =>
        new(0, null, Encoding.UTF8.GetBytes(tenant is null ? ": moved deliveries\n\n" : $": moved deliveries={Uri.EscapeDataString(tenant)}\n\n"))
        {
            TenantId = tenant,
        };

    public static Frame Of(StoredEvent stored)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(stored, EventsJson.Wire.StoredEvent);
        var head = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"id: {stored.Sequence}\nevent: {stored.EventType}\ndata: "));
        return new(stored.Sequence, stored, (byte[])[.. head, .. json, (byte)'\n', (byte)'\n']);
    }

    /// <summary>
    /// The first thing on a stream: the headers go out with it, and the id, so that a client that loses the connection before
    /// the first event resumes from here and misses nothing.
    /// </summary>
    public static ReadOnlyMemory<byte> Opening(long position) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $": connected\nid: {position}\n\n"));
}
