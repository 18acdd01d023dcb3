using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
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

    /// <summary>Of all headers that came. With the key and the reason they stay within what <see cref="MostBytes"/> leaves.</summary>
    private const int MostHeaderBytes = 32 * 1024;

    /// <summary>Bytes that a header takes beside its name and its value, at most.</summary>
    private const int HeaderFrame = 10;

    /// <summary>Characters, of which each may take three bytes: a tenant is far shorter, but a key may be as large as a message.</summary>
    private const int MostKey = 1_000;

    /// <summary>Characters. A reason names all that is wrong, and each with what was sent.</summary>
    private const int MostReason = 8_000;

    private readonly Counter<long> _sent = meters.Create("AetherLink.CommandCenter")
        .CreateCounter<long>("command_center_dead_letters", description: "Messages sent to the dead letters.");

    public async Task SendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        await producer.ProduceAsync(Topics.DeadLetter, letters.Select(Of), cancellationToken);
        foreach (var letter in letters)
        {
            _sent.Add(1);
            Log.DeadLetter(logger, letter.Message.Place, Cut(letter.Reason, MostReason));
        }
    }

    private Outgoing Of(DeadLetter letter) => new(
        Cut(letter.Message.Key ?? "", MostKey),
        letter.Message.Value[..Math.Min(letter.Message.Value.Length, MostBytes)].ToArray(),
        new Dictionary<string, string>(Kept(letter.Message.Headers), StringComparer.Ordinal)
        {
            ["reason"] = Cut(letter.Reason, MostReason),
            ["place"] = letter.Message.Place,
            ["bytes"] = letter.Message.Value.Length.ToString(CultureInfo.InvariantCulture),
            ["failed_at"] = clock.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        });

    /// <summary>Those that fit, in their order.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Kept(IReadOnlyDictionary<string, string> headers)
    {
        var room = MostHeaderBytes;
        foreach (var header in headers)
        {
            var bytes = Encoding.UTF8.GetByteCount(header.Key) + Encoding.UTF8.GetByteCount(header.Value) + HeaderFrame;
            if (bytes <= room)
            {
                room -= bytes;
                yield return header;
            }
        }
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
