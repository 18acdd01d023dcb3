using AetherLink.ServiceDefaults;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.ServiceDefaults;

/// <summary>The promise of the spool, under random appends, deliveries, kills between any two steps, and torn tails.</summary>
public sealed class SpoolProperties
{
    private static readonly SpoolLimits Small = new(SegmentBytes: 256);
    private static readonly Dictionary<string, string> Headers = new() { ["type"] = "t" };

    private enum Step
    {
        Append,
        AppendLarge,
        Deliver,
        DeliverAndDieBeforeAdvancing,
        Die,
        DieWithinAnAppend,
    }

    [Fact]
    public void What_was_acknowledged_arrives_in_order_at_least_once() =>
        Prop.ForAll(
            Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(),
            steps =>
            {
                var (acknowledged, delivered) = Run(steps);
                return IsInOrderAtLeastOnce(acknowledged, delivered);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(120));

    private static (int Acknowledged, List<int> Delivered) Run(int[] steps)
    {
        var folder = Directory.CreateTempSubdirectory("aether-spool-").FullName;
        var spool = Spool.Open(folder, Small);
        var (acknowledged, delivered) = (0, new List<int>());
        try
        {
            foreach (var number in steps)
            {
                switch ((Step)(number % 6))
                {
                    case Step.Append or Step.AppendLarge:
                        var size = (Step)(number % 6) == Step.Append ? number % 40 : number % 600;
                        Assert.True(spool.TryAppend("k", Value(acknowledged++, size), Headers));
                        break;
                    case Step.Deliver:
                        Deliver(spool, 1 + number % 7, delivered, advance: true);
                        break;
                    case Step.DeliverAndDieBeforeAdvancing:
                        Deliver(spool, 1 + number % 7, delivered, advance: false);
                        spool = Reopen(spool, folder, tornBytes: 0);
                        break;
                    case Step.Die:
                        spool = Reopen(spool, folder, tornBytes: 0);
                        break;
                    case Step.DieWithinAnAppend:
                        spool = Reopen(spool, folder, tornBytes: 1 + number % 50);
                        break;
                }
                Assert.Equal(acknowledged - FirstPending(spool, acknowledged), spool.Pending);
            }
            while (spool.Pending > 0)
            {
                Deliver(spool, 10, delivered, advance: true);
            }
            return (acknowledged, delivered);
        }
        finally
        {
            spool.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int FirstPending(Spool spool, int acknowledged) =>
        spool.Read(1).Records is [var record, ..] ? BitConverter.ToInt32(record.Value) : acknowledged;

    private static void Deliver(Spool spool, int most, List<int> delivered, bool advance)
    {
        var batch = spool.Read(most);
        delivered.AddRange(batch.Records.Select(record => BitConverter.ToInt32(record.Value)));
        if (advance)
        {
            spool.Advance(batch.Next, batch.Records.Count);
        }
    }

    // Nothing is flushed when a spool is closed, so that a closed one is what a kill leaves; but for a record begun.
    private static Spool Reopen(Spool spool, string folder, int tornBytes)
    {
        spool.Dispose();
        if (tornBytes > 0)
        {
            var record = new byte[SpooledRecord.SizeOf("k", Value(-1, 40), Headers)];
            SpooledRecord.Write(record, "k", Value(-1, 40), Headers);
            using var tail = File.Open(Directory.GetFiles(folder, "*.seg").Order().Last(), FileMode.Append);
            tail.Write(record.AsSpan(0, Math.Min(tornBytes, record.Length - 1)));
        }
        return Spool.Open(folder, Small);
    }

    private static bool IsInOrderAtLeastOnce(int acknowledged, List<int> delivered)
    {
        var next = 0;
        foreach (var value in delivered)
        {
            // A value may come again, and what follows it then comes again too; none may be skipped.
            if (value > next)
            {
                return false;
            }
            next = Math.Max(next, value + 1);
        }
        return next == acknowledged;
    }

    private static byte[] Value(int number, int size) => [.. BitConverter.GetBytes(number), .. new byte[size]];
}
