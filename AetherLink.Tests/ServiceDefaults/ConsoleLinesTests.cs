using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.ServiceDefaults;

/// <summary>What comes out of a process, and when.</summary>
public sealed class ConsoleLinesTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly ServiceIdentity Identity = new("toy", "the toy", "1.0.0", "toy-1");

    private readonly Reader _reader = new();
    private readonly Meters _meters = new();
    private readonly ConsoleLines _console;

    public ConsoleLinesTests() => _console = new(Identity, TimeProvider.System, _meters, _reader);

    public void Dispose()
    {
        _reader.Reads.Set();
        _console.Dispose();
        _meters.Dispose();
        _reader.Dispose();
    }

    [Fact]
    public async Task Lines_of_many_come_out_whole_in_the_order_of_each_and_many_in_a_write()
    {
        const int Lines = 2_000;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(who => Task.Run(() =>
        {
            var logger = _console.CreateLogger($"{who}");
            for (var line = 0; line < Lines; line++)
            {
                Say(logger, line);
            }
        })));
        _console.Dispose();

        var said = _reader.Lines.ToLookup(line => (string?)line["category"], line => (int)line["number"]!);
        Assert.All(Enumerable.Range(0, 8), who => Assert.Equal(Enumerable.Range(0, Lines), said[$"{who}"]));
        Assert.InRange(_reader.Writes, 1, 8 * Lines / 10);
    }

    [Fact]
    public async Task Line_is_there_while_the_process_goes_on()
    {
        Say(_console.CreateLogger("Toys"), 1);
        await Eventually.True(() => _reader.Lines.Count == 1, Soon, "the first line");
        Say(_console.CreateLogger("Toys"), 2);

        await Eventually.True(() => _reader.Lines.Count == 2, Soon, "the second line, after a pause");
    }

    [Fact]
    public void Last_words_are_written_before_the_end()
    {
        var logger = _console.CreateLogger("Toys");
        Say(logger, 1);
        Say(logger, 2);
        _console.Dispose();
        Say(logger, 3);

        Assert.Equal([1, 2, 3], _reader.Lines.Select(line => (int)line["number"]!));
    }

    [Fact]
    public async Task Nobody_waits_for_a_reader_and_what_is_missing_is_counted_and_told_where_it_is_missing()
    {
        var lost = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "aetherlink_log_lines_dropped" && instrument.Meter.Scope == _meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref lost, count));
        listener.Start();
        _reader.Reads.Reset();
        var logger = _console.CreateLogger("Toys");
        var said = 0;
        while (Interlocked.Read(ref lost) < 100)
        {
            Say(logger, ++said);
        }

        _reader.Reads.Set();
        await Eventually.True(() => _reader.Lines.Count == said - 100, Soon, "what there was room for is written");
        Say(logger, ++said);
        _console.Dispose();

        var last = _reader.Lines.TakeLast(2).ToList();
        Assert.Equal(("warning", 100, "100 lines of the log are missing here: nobody read them in time"),
            ((string?)last[0]["level"], (int)last[0]["lines"]!, (string?)last[0]["message"]));
        Assert.Equal(said, (int)last[1]["number"]!);
        Assert.Equal(said - 100, _reader.Lines.Count(line => line["number"] is not null));
    }

    [Fact]
    public void Value_that_logs_while_it_is_written_spoils_no_line()
    {
        var logger = _console.CreateLogger("Toys");

        logger.Log(LogLevel.Information, new EventId(7), "outer", null, (state, _) =>
        {
            Say(logger, 5);
            return state;
        });
        _console.Dispose();

        Assert.Equal([5, null], _reader.Lines.Select(line => (int?)line["number"]));
        Assert.Equal("outer", (string?)_reader.Lines[^1]["message"]);
    }

    private static void Say(ILogger logger, int number) => logger.Log(
        LogLevel.Information, new EventId(1), (IReadOnlyList<KeyValuePair<string, object?>>)[new("Number", number)], null, (_, _) => "said");

    /// <summary>Standard output, with somebody behind it who may not read.</summary>
    private sealed class Reader : MemoryStream
    {
        private readonly Lock _lock = new();

        public ManualResetEventSlim Reads { get; } = new(initialState: true);

        public int Writes { get; private set; }

        public IReadOnlyList<JsonNode> Lines
        {
            get
            {
                lock (_lock)
                {
                    return [.. Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
                }
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Reads.Wait();
            lock (_lock)
            {
                Writes++;
                base.Write(buffer);
            }
        }
    }
}
