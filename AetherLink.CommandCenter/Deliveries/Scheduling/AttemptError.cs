using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Deliveries.Scheduling;

/// <summary>How an attempt failed. The numbers are stored.</summary>
internal enum AttemptError : short
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary>An answer came that is no success.</summary>
    Status = 1,

    /// <summary>The address is one that nothing is sent to.</summary>
    Blocked = 2,

    /// <summary>The name does not resolve.</summary>
    Dns = 3,

    /// <summary>The connection was refused, or there is no way.</summary>
    Connect = 4,

    ConnectTimeout = 5,

    ReadTimeout = 6,

    /// <summary>The connection broke.</summary>
    Reset = 7,

    /// <summary>No trusted, valid certificate, or no common protocol.</summary>
    Tls = 8,

    /// <summary>What came is no HTTP.</summary>
    Protocol = 9,

    /// <summary>This service stopped in between.</summary>
    Stopped = 10,

    /// <summary>The endpoint was switched off, or removed, before it was sent.</summary>
    EndpointOff = 11,

    /// <summary>Its secret cannot be read.</summary>
    Unsigned = 12,
}

/// <summary>Whose fault a failure was.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Fault>))]
internal enum Fault
{
    [JsonStringEnumMemberName("ours")]
    Ours,
    [JsonStringEnumMemberName("network")]
    Network,
    [JsonStringEnumMemberName("theirs")]
    Theirs,
}

internal static class Faults
{
    public static Fault? Of(AttemptError error) => error switch
    {
        AttemptError.None => null,
        AttemptError.Blocked or AttemptError.Stopped or AttemptError.EndpointOff or AttemptError.Unsigned => Fault.Ours,
        AttemptError.Dns or AttemptError.Connect or AttemptError.ConnectTimeout or AttemptError.Reset => Fault.Network,
        _ => Fault.Theirs,
    };
}
