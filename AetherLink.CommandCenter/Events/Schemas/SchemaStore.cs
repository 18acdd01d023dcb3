using System.Text.Json;
using AetherLink.CommandCenter.Operators;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>The registered types, in all their versions. Rows are only ever added.</summary>
internal sealed class SchemaStore(NpgsqlDataSource source, OperatorAudit audit)
{
    /// <summary>Each is held by every replica, and listed in one answer.</summary>
    public const int MostTypes = 1_000;

    /// <summary>One registration at a time, so that each is held against the one before: 'schema' in ASCII.</summary>
    private const long RegisterLock = 0x736368656d61;

    /// <summary>Seconds. Events wait for the answer; an absent Postgres must not hold them.</summary>
    private const int Patience = 2;

    private const string Columns = "event_type, version, required, properties, description";

    /// <summary>How many rows there are, which tells whether there is anything new.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select count(*) from command_center.event_schemas");
        command.CommandTimeout = Patience;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The newest version of each type.</summary>
    public async Task<List<EventSchema>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"select distinct on (event_type) {Columns} from command_center.event_schemas order by event_type, version desc");
        command.CommandTimeout = Patience;
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Decides over a proposal with the newest version in hand, and stores what is accepted.</summary>
    public async Task<Registration> RegisterAsync(EventSchema proposed, string registeredBy, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var takeLock = new NpgsqlCommand($"select pg_advisory_xact_lock({RegisterLock})", connection))
        {
            await takeLock.ExecuteNonQueryAsync(cancellationToken);
        }
        var current = await CurrentAsync(connection, proposed.EventType, cancellationToken);
        var registration = Registration.Decide(current, proposed);
        if (registration is { Ruling: Ruling.Accepted, Schema: { } accepted })
        {
            if (accepted.Version == 1 && await TypesAsync(connection, cancellationToken) >= MostTypes)
            {
                return new(Ruling.Refused, null, $"At most {MostTypes} types can be registered.", []);
            }
            await InsertAsync(connection, accepted, registeredBy, cancellationToken);
            await audit.RecordAsync(
                connection, "event_schema.registered", accepted.EventType, tenant: null, current, accepted, EventsJson.Wire.EventSchema, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return registration;
    }

    private static async Task<EventSchema?> CurrentAsync(NpgsqlConnection connection, string type, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from command_center.event_schemas where event_type = $1 order by version desc limit 1", connection)
        { Parameters = { new NpgsqlParameter<string> { TypedValue = type } } };
        return new SchemaSet(await ReadAsync(command, cancellationToken)).Find(type);
    }

    private static async Task<long> TypesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select count(distinct event_type) from command_center.event_schemas", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection, EventSchema schema, string registeredBy, CancellationToken cancellationToken)
    {
        var properties = JsonSerializer.Serialize(schema.Properties, EventsJson.Wire.IReadOnlyDictionaryStringPropertySchema);
        await using var command = new NpgsqlCommand(
            $"insert into command_center.event_schemas ({Columns}, registered_by) values ($1, $2, $3, $4, $5, $6)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = schema.EventType },
                new NpgsqlParameter<int> { TypedValue = schema.Version },
                new NpgsqlParameter<string[]> { TypedValue = [.. schema.Required] },
                new NpgsqlParameter<string> { TypedValue = properties, NpgsqlDbType = NpgsqlDbType.Json },
                new NpgsqlParameter<string> { TypedValue = schema.Description },
                new NpgsqlParameter<string> { TypedValue = registeredBy },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<EventSchema>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var schemas = new List<EventSchema>();
        while (await reader.ReadAsync(cancellationToken))
        {
            schemas.Add(new(
                reader.GetString(0), reader.GetInt32(1), reader.GetFieldValue<string[]>(2),
                JsonSerializer.Deserialize(reader.GetString(3), EventsJson.Wire.IReadOnlyDictionaryStringPropertySchema)!,
                reader.GetString(4)));
        }
        return schemas;
    }
}
