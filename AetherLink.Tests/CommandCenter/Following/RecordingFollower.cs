using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Following;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Following;

/// <summary>Writes down each event that it handles, in the transaction of its page; an event that came twice would break it.</summary>
internal sealed class RecordingFollower(string name, string replica, FollowerServices services)
    : EventFollower(name, services, NullLogger.Instance)
{
    private int _handled;
    private int _handling;

    /// <summary>Stands for a process that was killed: it does not come back.</summary>
    public bool IsDead { get; set; }

    /// <summary>How often a statement still fails, after the others have written.</summary>
    public int Failures { get; set; }

    public bool Leads { get; private set; }

    public int Handled => Volatile.Read(ref _handled);

    public static async Task MakeTableAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            "create table if not exists handled (name text, replica text, event_id text, primary key (name, event_id))");
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<string[]> HandledAsync(NpgsqlDataSource source, string name)
    {
        await using var command = source.CreateCommand("select array(select event_id from handled where name = $1 order by 1)");
        command.Parameters.Add(new() { Value = name });
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    protected override Task OnLeadingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Leads = !IsDead;
        return IsDead ? throw new InvalidOperationException("dead") : Task.CompletedTask;
    }

    protected override ValueTask<EventFilter?> FilterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        new(EventFilter.All);

    protected override Task HandleAsync(IReadOnlyList<StoredEvent> page, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        foreach (var one in page)
        {
            batch.BatchCommands.Add(new("insert into handled values ($1, $2, $3)")
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = Name },
                    new NpgsqlParameter<string> { TypedValue = replica },
                    new NpgsqlParameter<string> { TypedValue = one.EventId },
                },
            });
        }
        if (Failures-- > 0)
        {
            batch.BatchCommands.Add(new("select 1 / (random() * 0)::int"));
        }
        _handling = page.Count;
        return Task.CompletedTask;
    }

    protected override void OnCommitted() => Interlocked.Add(ref _handled, Interlocked.Exchange(ref _handling, 0));
}
