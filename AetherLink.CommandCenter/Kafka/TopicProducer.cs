using System.Text;
using AetherLink.ServiceDefaults;
using Confluent.Kafka;

namespace AetherLink.CommandCenter.Kafka;

/// <summary>A message on its way out.</summary>
internal sealed record Outgoing(string Key, byte[] Value, IReadOnlyDictionary<string, string> Headers);

/// <summary>Produces in order, and says when all of it has arrived.</summary>
internal sealed class TopicProducer(KafkaAddress kafka, TopicSignature signature, ServiceIdentity identity, ILogger<TopicProducer> logger) : IDisposable
{
    /// <summary>Long enough for a leader's change; after it the caller tries again from its position.</summary>
    private const int TimeoutMs = 10_000;

    private readonly Lazy<IProducer<string, byte[]>> _producer = new(() => new ProducerBuilder<string, byte[]>(new ProducerConfig
    {
        BootstrapServers = kafka.BootstrapServers,
        ClientId = identity.Instance,
        Acks = Acks.All,
        MessageTimeoutMs = TimeoutMs,
        CompressionType = CompressionType.Lz4, // a broker that keeps little keeps several times as much of what waits for its reader
        LingerMs = 2, // whole pages are handed over; more would only delay a single event
        ReconnectBackoffMaxMs = 2_000,
        // One at a time on a connection: a retry must not overtake.
        MaxInFlight = 1,
    })
    .SetErrorHandler((_, error) => Log.ProducerError(logger, error.Reason))
    .SetLogHandler((_, _) => { }) // what matters comes as an error
    .Build());

    /// <exception cref="KafkaException">One of them did not arrive.</exception>
    public Task ProduceAsync(string topic, IEnumerable<Outgoing> messages, CancellationToken cancellationToken) =>
        Task.WhenAll(messages.Select(message => _producer.Value.ProduceAsync(topic, new Message<string, byte[]>
        {
            Key = message.Key,
            Value = message.Value,
            Headers = HeadersOf(topic, message),
        }, cancellationToken)));

    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }
    }

    private Headers HeadersOf(string topic, Outgoing message)
    {
        var headers = new Headers();
        foreach (var (name, value) in message.Headers)
        {
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
        headers.Add(TopicSignature.Header, Encoding.UTF8.GetBytes(signature.Sign(topic, message.Key, message.Value, message.Headers)));
        return headers;
    }
}
