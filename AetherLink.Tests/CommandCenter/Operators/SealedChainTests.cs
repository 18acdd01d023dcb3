using System.Net.Http.Json;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.CommandCenter.Operators;

/// <summary>The seal of the operator audit, from the first start on and over a change of the mesh's key.</summary>
public sealed class SealedChainTests
{
    private const string NewKey = "another mesh key, which is as long as it must be";

    private static readonly Dictionary<string, string?> Changing = new() { ["MESH_KEY"] = NewKey, ["MESH_KEY_PREVIOUS"] = ToyApp.MeshKey };
    private static readonly Dictionary<string, string?> Changed = new() { ["MESH_KEY"] = NewKey };
    private static readonly Dictionary<string, string?> Elsewhere = new() { ["MESH_KEY"] = "the key of quite another mesh, as long as it must be" };

    [Fact]
    public async Task Change_of_the_mesh_key_breaks_no_seal_while_replicas_have_the_one_and_the_other()
    {
        await using var database = await NewDatabaseAsync();
        await using (var before = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString))
        {
            // A seal is there before the first entry.
            Assert.Equal("intact 0", await VerifyAsync(before));
            await ChangeAsync(before, 1);
            await using (var first = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, new(Changing)))
            {
                await ChangeAsync(first, 2);
                Assert.Equal(("intact 2", "intact 2"), (await VerifyAsync(before), await VerifyAsync(first)));
                // Of the old key alone, and nobody changes anything after it.
                await ChangeAsync(before, 3);
                Assert.Equal(("intact 3", "intact 3"), (await VerifyAsync(before), await VerifyAsync(first)));
            }
        }
        await using (var last = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, new(Changing)))
        {
            Assert.Equal("intact 3", await VerifyAsync(last));
            await using var after = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, new(Changed));
            await Eventually.True(async () => await VerifyAsync(after) == "intact 3", DeliveringCommandCenter.Soon, "the new key alone is enough");
            await ChangeAsync(after, 4);
            Assert.Equal(("intact 4", "intact 4"), (await VerifyAsync(last), await VerifyAsync(after)));
        }
        await using var other = await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, new(Elsewhere));
        Assert.Equal("broken 4", await VerifyAsync(other));
    }

    private static async Task<PostgresDatabase> NewDatabaseAsync()
    {
        var database = new PostgresDatabase();
        await database.InitializeAsync();
        return database;
    }

    private static async Task ChangeAsync(RunningCommandCenter service, int days)
    {
        using var admin = service.Client("admin");
        using var answer = await admin.PutAsJsonAsync("/events/retention/tenants/acme", new { retention_days = days });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> VerifyAsync(RunningCommandCenter service)
    {
        using var admin = service.Client("admin");
        var answer = await admin.JsonAsync("/audit/operator/verify");
        return $"{answer["status"]} {answer["checked"]}";
    }
}
