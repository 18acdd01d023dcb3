using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Following;

/// <summary>What every follower needs.</summary>
internal sealed record FollowerServices(
    NpgsqlDataSource Source, IEventLog Log, CommitSignal Signal, DatabaseReady Database, TimeProvider Clock);

internal static class FollowingSlice
{
    public static WebApplicationBuilder AddFollowing(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FollowerServices>();
        return builder;
    }
}
