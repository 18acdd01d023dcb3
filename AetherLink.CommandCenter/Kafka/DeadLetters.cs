using System.Diagnostics.Metrics;
using System.Globalization;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Kafka;

/// <summary>A message that can never be worked on, and why.</summary>
internal sealed record DeadLetter(Incoming Message, string Reason);

/// <summary>Puts aside what can never be stored, as it came, with the reason beside it.</summary>
internal sealed class DeadLetters(TopicProducer producer, TimeProvider clock, IMeterFactory meters, ILogger<DeadLetters> logger)
{
    /// <summary>
    /// Bytes. What came may be as large as Kafka takes (1 MB), and would be too large with the reason beside it: it could never
    /// be put aside, and would come again for ever.
    /// </summary>
    private const int MostBytes = 900_000;

    private readonly Counter<long> _sent = meters.Create("AetherLink.CommandCenter")
        .CreateCounter<long>("command_center_dead_letters", description: "Messages sent to the dead letters.");

    public async Task SendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        await producer.ProduceAsync(Topics.DeadLetter, letters.Select(Of), cancellationToken);
        foreach (var letter in letters)
        {
            _sent.Add(1);
            Log.DeadLetter(logger, letter.Message.Place, letter.Reason);
        }
    }

    private Outgoing Of(DeadLetter letter) => new(
        letter.Message.Key ?? "",
        letter.Message.Value[..Math.Min(letter.Message.Value.Length, MostBytes)].ToArray(),
        new Dictionary<string, string>(letter.Message.Headers, StringComparer.Ordinal)
        {
            ["reason"] = letter.Reason,
            ["place"] = letter.Message.Place,
            ["bytes"] = letter.Message.Value.Length.ToString(CultureInfo.InvariantCulture),
            ["failed_at"] = clock.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        });
}
