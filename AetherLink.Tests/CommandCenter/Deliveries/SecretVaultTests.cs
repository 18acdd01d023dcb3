using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.Tests.Postgres;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class SecretVaultTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string MeshKey = "the mesh key of these tests, long enough";

    private static readonly Guid Endpoint = Guid.CreateVersion7();

    private readonly SecretVault _vault = new(MeshKey, null);
    private readonly SigningSecret _secret = SigningSecret.Make();

    [Fact]
    public void Sealed_secret_opens_for_its_endpoint_and_shows_nothing()
    {
        var once = _vault.Seal(_secret, Endpoint);

        Assert.Equal(_secret.Reveal(), _vault.Open(once, Endpoint)?.Reveal());
        Assert.DoesNotContain(_secret.Reveal()[SigningSecret.Prefix.Length..], once.Text, StringComparison.Ordinal);
        Assert.NotEqual(once.Text, _vault.Seal(_secret, Endpoint).Text);
        Assert.DoesNotContain(once.Text, $"{once}", StringComparison.Ordinal);
    }

    [Fact]
    public void Sealed_secret_does_not_open_in_anothers_row_nor_when_anything_of_it_is_changed()
    {
        var sealedSecret = _vault.Seal(_secret, Endpoint).Text;

        Assert.Null(_vault.Open(new(sealedSecret), Guid.CreateVersion7()));
        Assert.All(Enumerable.Range(0, sealedSecret.Length - 1), at =>
        {
            var changed = sealedSecret.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            Assert.Null(_vault.Open(new(new(changed)), Endpoint));
        });
        Assert.All(Enumerable.Range(0, sealedSecret.Length), length => Assert.Null(_vault.Open(new(sealedSecret[..length]), Endpoint)));
    }

    [Fact]
    public void Replaced_key_still_opens_and_no_other_does()
    {
        var before = _vault.Seal(_secret, Endpoint);
        var rotated = new SecretVault("another mesh key, which is as long as it must be", MeshKey);

        Assert.Equal(_secret.Reveal(), rotated.Open(before, Endpoint)?.Reveal());
        Assert.NotEqual(_vault.Prefix, rotated.Prefix);
        Assert.Null(new SecretVault("another mesh key, which is as long as it must be", null).Open(before, Endpoint));
    }

    [Fact]
    public async Task Secrets_lie_sealed_and_what_lay_open_or_under_the_previous_key_is_sealed_at_the_start_and_signs_as_before()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        var (id, secret) = await center.AddWebhookAsync();
        Assert.DoesNotContain(secret.Reveal()[SigningSecret.Prefix.Length..], await StoredAsync(center.Source), StringComparison.Ordinal);

        var (open, was) = (await center.AddWebhookAsync("/open"), await center.AddWebhookAsync("/previous"));
        await StoreAsync(center, open.Id, open.Secret.Reveal());
        await StoreAsync(center, was.Id, _vault.Seal(was.Secret, was.Id).Text);
        await using (await DeliveringCommandCenter.StartServiceAsync(database.ConnectionString, new() { ["MESH_KEY_PREVIOUS"] = MeshKey }))
        {
            await Eventually.True(
                async () => !(await StoredAsync(center.Source)).Contains(SigningSecret.Prefix, StringComparison.Ordinal)
                    && !(await StoredAsync(center.Source)).Contains(_vault.Prefix, StringComparison.Ordinal),
                DeliveringCommandCenter.Soon, "both are sealed with today's key");
        }
        await center.PublishAsync("signed");

        await Eventually.True(() => center.Receiver.Count == 3, DeliveringCommandCenter.Soon, "all are sent");
        foreach (var (path, with) in new[] { ("/hook", secret), ("/open", open.Secret), ("/previous", was.Secret) })
        {
            Assert.True(center.Receiver.Received.Single(one => one.Path == path).IsSignedWith(with), path);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_unsigned_when_the_secret_cannot_be_read()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        var (id, secret) = await center.AddWebhookAsync();
        await StoreAsync(center, id, _vault.Seal(secret, id).Text);

        await center.PublishAsync("unsigned");

        var failed = await center.DeliveryAsync("unsigned", one => (int)one["attempts"]! > 0);
        var attempt = (await center.DetailAsync(failed))["attempts"]!.AsArray().Single()!;
        Assert.Contains("secret cannot be read", (string)attempt["error"]!, StringComparison.Ordinal);
        Assert.Equal("ours", (string?)attempt["fault"]);
        Assert.Equal(0, center.Receiver.Count);
    }

    private static Task StoreAsync(DeliveringCommandCenter center, Guid id, string text) =>
        center.ExecuteAsync("update command_center.webhook_endpoints set secret = $2 where id = $1", id, text);

    private static async Task<string> StoredAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select string_agg(w::text, ' ') from command_center.webhook_endpoints w where deleted_at is null");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
