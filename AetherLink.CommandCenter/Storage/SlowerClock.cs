using Npgsql;

namespace AetherLink.CommandCenter.Storage;

/// <summary>
/// The time that ages are reckoned by. What is stored has its time from Postgres or from a service: of the two clocks the one that is
/// behind counts, since what was set ahead by mistake must not cost anybody a year of history.
/// </summary>
internal static class SlowerClock
{
    public static async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, TimeProvider clock, CancellationToken cancellationToken)
    {
        var there = await connection.NowAsync(cancellationToken);
        var here = clock.GetUtcNow();
        return here < there ? here : there;
    }
}
