using System.Threading.Channels;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// A Kafka topic with a spool before it. What was appended survives the death of the process, waits while Kafka is away, and
/// arrives at least once, in order.
/// </summary>
public sealed class SpooledTopic : IDisposable
{
    private const int BatchRecords = 1000;

    private readonly Channel<bool> _appended = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Spool _spool;
    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly ISpoolFollower? _follower;
    private int _complained;
    private int _complainedOfRoom;
    private bool _isForgetful;

    /// <summary>Of the one reader: how many after the position the follower has seen.</summary>
    private int _followed;

    internal SpooledTopic(string topic, string folder, SpoolLimits limits, ILogger<SpooledTopic> logger, ISpoolFollower? follower = null)
    {
        (Topic, _folder, _logger, _follower) = (topic, folder, logger, follower);
        _spool = Spool.Open(folder, limits);
        if (_spool.TornBytes > 0)
            Log.SpoolTorn(logger, topic, _spool.TornBytes);
        if (_spool.Pending > 0)
            Log.SpoolRecovered(logger, topic, _spool.Pending);
    }

    /// <summary>The topic's name.</summary>
    public string Topic { get; }

    /// <summary>How many records wait to be handed on.</summary>
    public long Pending => _spool.Pending;

    /// <summary>
    /// Keeps room for a record that will be appended, by whoever must know before it begins that there will be. False when there is
    /// none (logged once, until there is again).
    /// </summary>
    public bool TryReserve(int bytes)
    {
        if (_spool.TryReserve(bytes))
        {
            Volatile.Write(ref _complainedOfRoom, 0);
            return true;
        }
        if (Interlocked.Exchange(ref _complainedOfRoom, 1) == 0)
            Log.SpoolFull(_logger, Topic, _spool.Pending, _spool.PendingBytes);
        return false;
    }

    /// <summary>
    /// Appends a record; when this returns true, it arrives. False when the spool is full or the disk does not take it
    /// (logged once, until it takes records again), or when the record is larger than Kafka takes.
    /// </summary>
    /// <param name="key">The record's key: what has the same stays in order.</param>
    /// <param name="value">The record.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="reserved">What <see cref="TryReserve"/> was asked for on its behalf: it is used up, whatever the answer.</param>
    public bool TryAppend(string key, ReadOnlySpan<byte> value, IReadOnlyDictionary<string, string> headers, int reserved = 0)
    {
        try
        {
            if (_spool.TryAppend(key, value, headers, reserved))
            {
                _appended.Writer.TryWrite(true);
                Volatile.Write(ref _complained, 0);
                return true;
            }
            if (Interlocked.Exchange(ref _complained, 1) == 0)
                Log.SpoolFull(_logger, Topic, _spool.Pending, _spool.PendingBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _complained, 1) == 0)
                Log.SpoolFailed(_logger, exception, Topic);
        }
        return false;
    }

    /// <summary>Closes the files. What is not handed on stays in them.</summary>
    public void Dispose() => _spool.Dispose();

    /// <summary>Hands records on, in order, and advances only after they were confirmed.</summary>
    internal async Task DrainAsync(ITopicWriter writer, CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            var position = _spool.Position;
            var batch = _spool.Read(BatchRecords);
            if (batch.Records.Count > 0)
            {
                Follow(batch.Records);
                var rejections = await writer.WriteAsync(batch.Records, stopping);
                var homeless = rejections.Where(rejection => !TryKeepAside(rejection)).ToList();
                Advance(batch.Next, batch.Records.Count);
                // What was handed on has perhaps made room for them; the others must not be handed on for ever on their account.
                foreach (var rejection in homeless.Where(rejection => !TryKeepAside(rejection)))
                    Log.RecordLost(_logger, Topic, rejection.Record.Value.Length, rejection.Reason);
            }
            else if (batch.Next > position)
            {
                Log.SpoolUnreadable(_logger, Topic, position, batch.Next);
                Advance(batch.Next, 0);
            }
            else
            {
                await _appended.Reader.ReadAsync(stopping);
            }
        }
    }

    /// <summary>Not twice in one process, though Kafka may be tried again with them.</summary>
    private void Follow(IReadOnlyList<SpooledRecord> records)
    {
        if (_follower is null)
            return;
        for (; _followed < records.Count; _followed++)
            _follower.See(records[_followed].Value);
    }

    private void Advance(long next, int count)
    {
        _followed = 0;
        var isKept = _spool.Advance(next, count);
        if (!isKept && !_isForgetful)
            Log.SpoolPositionNotKept(_logger, Topic);
        _isForgetful = !isKept;
    }

    // One record that Kafka never takes must not hold up all that follow.
    private bool TryKeepAside(Rejection rejection)
    {
        var (record, reason) = rejection;
        var file = Path.Combine(_folder, "rejected");
        var bytes = new byte[SpooledRecord.SizeOf(record.Key, record.Value, record.Headers)];
        SpooledRecord.Write(bytes, record.Key, record.Value, record.Headers);
        try
        {
            using var stream = new FileStream(file, FileMode.Append);
            stream.Write(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        Log.RecordRejected(_logger, Topic, record.Value.Length, reason, file);
        return true;
    }
}
