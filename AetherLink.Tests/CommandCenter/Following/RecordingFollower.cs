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

    /// <summary>Stands for a process that was killed: it does not come back.</summary>
    public bool IsDead { get; set; }

    /// <summary>How often it still throws, after it has written.</summary>
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

    protected override async Task HandleAsync(
        IReadOnlyList<StoredEvent> page, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var one in page)
        {
            await using var command = new NpgsqlCommand("insert into handled values ($1, $2, $3)", connection, transaction);
            command.Parameters.Add(new() { Value = Name });
            command.Parameters.Add(new() { Value = replica });
            command.Parameters.Add(new() { Value = one.EventId });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        if (Failures-- > 0)
        {
            throw new InvalidOperationException("as asked");
        }
        Interlocked.Add(ref _handled, page.Count);
    }
}
