using System.Diagnostics;
using System.Text;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Chaos;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class SpoolTests : IDisposable
{
    private static readonly Dictionary<string, string> NoHeaders = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-spool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Record_comes_back_as_it_was()
    {
        using var spool = Open();
        var headers = new Dictionary<string, string> { ["type"] = "lead.created", ["origin"] = "größe" };
        spool.TryAppend("tenant ü", "value"u8, headers);

        var record = Assert.Single(spool.Read(10).Records);

        Assert.Equal(("tenant ü", "value"), (record.Key, Encoding.UTF8.GetString(record.Value)));
        Assert.Equal(headers, record.Headers);
    }

    [Fact]
    public void Records_that_were_not_handed_on_are_there_after_a_restart()
    {
        using (var spool = Open())
        {
            Append(spool, 0, 5);
            var batch = spool.Read(2);
            spool.Advance(batch.Next, batch.Records.Count);
        }

        using var again = Open();
        Assert.Equal(3, again.Pending);
        Assert.Equal([2, 3, 4], Values(again.Read(10)));
    }

    [Fact]
    public void Folder_is_refused_to_a_second_owner_and_free_again_after_the_first()
    {
        using (Open())
        {
            var refusal = Assert.Throws<IOException>(() => Open());
            Assert.Contains("DATA_DIR", refusal.Message, StringComparison.Ordinal);
        }
        Open().Dispose();
    }

    [SmallDiskFact]
    public void Spool_that_has_filled_its_disk_makes_room_by_what_is_handed_on_and_nothing_of_it_is_lost()
    {
        var folder = Path.Combine(_folder, "disk");
        using var disk = SmallDisk.Mount(folder);
        var (value, taken, limits) = (new byte[64 << 10], 0, new SpoolLimits(SegmentBytes: 1 << 20));
        using (var spool = Spool.Open(folder, limits))
        {
            Assert.Throws<IOException>(() =>
            {
                for (; taken < 1_000; taken++)
                {
                    Assert.True(spool.TryAppend("k", value, NoHeaders));
                }
            });
            disk.Fill();

            var handedOn = 0;
            while (spool.Read(10) is { Records.Count: > 0 } batch && handedOn < taken / 2)
            {
                spool.Advance(batch.Next, batch.Records.Count);
                handedOn += batch.Records.Count;
            }

            Assert.True(spool.TryAppend("k", "after"u8, NoHeaders));
            Assert.Equal(taken - handedOn + 1, spool.Pending);
            taken -= handedOn;
        }
        using var again = Spool.Open(folder, limits);
        Assert.Equal(taken + 1, again.Pending);
    }

    [Fact]
    public void Full_spool_takes_nothing_until_something_was_handed_on()
    {
        using var spool = Open(new(MaxBytes: 200, SegmentBytes: 64));
        var taken = 0;
        while (spool.TryAppend("k", Value(taken), NoHeaders))
        {
            taken++;
        }
        Assert.Equal(taken, spool.Pending);
        Assert.True(spool.PendingBytes <= 200);

        var batch = spool.Read(1);
        spool.Advance(batch.Next, 1);

        Assert.True(spool.TryAppend("k", Value(taken), NoHeaders));
    }

    [Fact]
    public void Room_that_is_kept_is_taken_by_nobody_else_and_what_the_record_does_not_need_of_it_is_free_again()
    {
        using var spool = Open(new(MaxBytes: 400));
        Assert.True(spool.TryReserve(300));
        Assert.False(spool.TryReserve(101));

        var others = 0;
        while (spool.TryAppend("k", Value(others), NoHeaders)) others++;
        Assert.InRange(spool.PendingBytes, 1, 100);

        Assert.True(spool.TryAppend("k", Value(others), NoHeaders, reserved: 300));
        Assert.True(spool.TryAppend("k", Value(others), NoHeaders));
        Assert.True(spool.TryReserve(100));
        Assert.False(spool.TryAppend("k", new byte[SpooledRecord.MaxBytes], NoHeaders, reserved: 100));
        Assert.True(spool.TryReserve(100));
    }

    [Fact]
    public void Record_that_is_larger_than_kafka_takes_is_refused()
    {
        using var spool = Open();
        Assert.False(spool.TryAppend("k", new byte[SpooledRecord.MaxBytes], NoHeaders));
        Assert.Equal(0, spool.Pending);
    }

    [Fact]
    public void Segments_that_were_handed_on_are_removed()
    {
        using var spool = Open(new(SegmentBytes: 64));
        Append(spool, 0, 50);
        Assert.True(Segments().Length > 5);

        Drain(spool, 7);

        Assert.Single(Segments());
        Assert.Equal((0, 0), (spool.Pending, spool.PendingBytes));
    }

    [Fact]
    public void Unfinished_record_at_the_end_is_dropped_and_appending_goes_on()
    {
        using (var spool = Open())
        {
            Append(spool, 0, 3);
        }
        Tear(Segments()[^1], bytes: 5);

        using var again = Open();
        Append(again, 3, 1);

        Assert.True(again.TornBytes > 0);
        Assert.Equal([0, 1, 3], Values(again.Read(10)));
    }

    [Fact]
    public void Segment_that_the_disk_lost_does_not_hold_up_the_next()
    {
        using (var spool = Open(new(SegmentBytes: 64)))
        {
            Append(spool, 0, 12);
        }
        var second = Segments()[1];
        File.WriteAllBytes(second, new byte[new FileInfo(second).Length]);

        using var again = Open(new(SegmentBytes: 64));
        var delivered = Drain(again, 3);

        Assert.Equal(delivered.Order(), delivered);
        Assert.Contains(0, delivered);
        Assert.Contains(11, delivered);
    }

    [Fact]
    public void Lost_position_hands_on_once_more_rather_than_never()
    {
        using (var spool = Open())
        {
            Append(spool, 0, 4);
            spool.Advance(spool.Read(2).Next, 2);
        }
        File.Delete(Path.Combine(_folder, "position"));

        using var again = Open();
        Assert.Equal([0, 1, 2, 3], Values(again.Read(10)));
    }

    [Fact]
    public void Disk_that_takes_neither_the_position_nor_the_removal_does_not_hand_on_for_ever()
    {
        using var spool = Open(new(SegmentBytes: 64));
        Append(spool, 0, 12);
        Directory.CreateDirectory(Path.Combine(_folder, "position.new"));
        var batch = spool.Read(4);
        File.Delete(Segments()[0]);
        Directory.CreateDirectory(Path.Combine(_folder, $"{0:D20}.seg"));

        Assert.False(spool.Advance(batch.Next, batch.Records.Count));
        var rest = Drain(spool, 4);

        Assert.Equal(Enumerable.Range(batch.Records.Count, 12 - batch.Records.Count), rest);
        Assert.Equal((0, 0), (spool.Pending, spool.PendingBytes));
    }

    [Fact]
    public async Task Append_does_not_wait_for_the_disk_to_keep_what_was_handed_on()
    {
        using var spool = Open();
        Append(spool, 0, 2);
        // A write to a pipe waits for its reader.
        var pipe = Path.Combine(_folder, "position.new");
        using (var made = Process.Start("mkfifo", pipe)) await made.WaitForExitAsync();

        var advancing = Task.Run(() => spool.Advance(spool.Read(1).Next, 1));
        var appending = Task.Run(async () =>
        {
            await Eventually.True(() => spool.Pending == 1, TimeSpan.FromSeconds(3), "it is handed on");
            Append(spool, 2, 1);
        });
        var waited = await Record.ExceptionAsync(() => appending.WaitAsync(TimeSpan.FromSeconds(5)));
        using (var reader = File.OpenRead(pipe)) Assert.NotEqual(-1, reader.ReadByte());
        await advancing;

        Assert.Null(waited);
        Assert.Equal(2, spool.Pending);
    }

    [Fact]
    public async Task Appends_from_many_threads_are_all_there_in_each_threads_order()
    {
        using var spool = Open(new(SegmentBytes: 4096));
        const int Threads = 8, Each = 500;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => Append(spool, thread * Each, Each))));

        var delivered = Drain(spool, 64);
        Assert.Equal(Threads * Each, delivered.Count);
        foreach (var thread in delivered.GroupBy(value => value / Each))
        {
            Assert.Equal(thread.Order(), thread);
        }
    }

    private Spool Open(SpoolLimits? limits = null) => Spool.Open(_folder, limits ?? new());

    private string[] Segments() => [.. Directory.GetFiles(_folder, "*.seg").Order()];

    private static void Append(Spool spool, int first, int count)
    {
        for (var value = first; value < first + count; value++)
        {
            Assert.True(spool.TryAppend("k", Value(value), NoHeaders));
        }
    }

    private static List<int> Drain(Spool spool, int most)
    {
        var delivered = new List<int>();
        while (spool.Read(most) is var batch && batch.Next > spool.Position)
        {
            delivered.AddRange(Values(batch));
            spool.Advance(batch.Next, batch.Records.Count);
        }
        return delivered;
    }

    private static byte[] Value(int value) => BitConverter.GetBytes(value);

    private static IEnumerable<int> Values(SpoolBatch batch) => batch.Records.Select(record => BitConverter.ToInt32(record.Value));

    private static void Tear(string segment, int bytes)
    {
        using var file = File.OpenWrite(segment);
        file.SetLength(file.Length - bytes);
    }
}
