using System.Net;
using System.Text;
using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Deliveries.Signing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class AddressTests
{
    public static TheoryData<string> Hostile => HostileTargets.Urls;

    [Fact]
    public void At_least_a_hundred_hostile_targets_are_tried() => Assert.True(Hostile.Count > 100, $"{Hostile.Count} only");

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Nothing_is_sent_to(string url)
    {
        var resolver = new Names(host => HostileTargets.Names.TryGetValue(host, out var addresses) ? addresses : throw new InvalidOperationException($"asked for {host}"));

        var outcome = await SendAsync(url, resolver);

        Assert.True(outcome.Error is AttemptError.Blocked, $"{outcome.Error}: {outcome.Detail}");
    }

    [Fact]
    public async Task Name_that_is_rebound_between_two_connections_is_caught_at_the_second()
    {
        await using var receiver = await Receiver.StartAsync();
        var rebound = false;
        var resolver = new Names(_ => [rebound ? "169.254.169.254" : "127.0.0.1"]);
        var url = $"http://rebinding.example:{receiver.Address.Port}/";
        receiver.Answer = (context, _) =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        };

        var first = await SendAsync(url, resolver, "127.0.0.0/8");
        rebound = true;
        var second = await SendAsync(url, resolver, "127.0.0.0/8");

        Assert.Equal((AttemptError.None, AttemptError.Blocked), (first.Error, second.Error));
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_for_once()
    {
        await using var receiver = await Receiver.StartAsync();
        var asked = 0;
        var resolver = new Names(_ => ++asked == 1 ? ["127.0.0.1"] : ["127.0.0.9"]);

        var outcome = await SendAsync($"http://once.example:{receiver.Address.Port}/", resolver, "127.0.0.1/32");

        Assert.Equal((AttemptError.None, 1), (outcome.Error, asked));
    }

    [Fact]
    public async Task Redirect_to_the_inside_is_not_followed()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Response.Redirect("http://169.254.169.254/latest/meta-data/");
            return Task.CompletedTask;
        };

        var outcome = await SendAsync(receiver.Address.ToString(), new SystemResolver(), "127.0.0.0/8");

        Assert.Equal((AttemptError.Status, 302), (outcome.Error, outcome.Status));
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Name_of_the_inside_is_not_told_with_its_address()
    {
        var outcome = await SendAsync("http://db.internal.example/", new Names(_ => ["10.11.12.13"]));

        Assert.Equal(AttemptError.Blocked, outcome.Error);
        Assert.DoesNotContain("10.11", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receiver_that_says_what_it_was_asked_for_does_not_show_the_path()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async (context, _) =>
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync($"<pre>Cannot POST {context.Request.Path}{context.Request.QueryString}</pre>{new string('x', 2_000)}");
        };

        var outcome = await SendAsync(receiver.At("/services/T024/hunter2hunter2?token=opensesame").ToString(), new SystemResolver(), "127.0.0.0/8");

        Assert.StartsWith("<pre>Cannot POST ***</pre>xxx", outcome.ResponseHead, StringComparison.Ordinal);
        Assert.InRange(outcome.ResponseHead!.Length, 900, 1_024);
    }

    [Theory]
    [InlineData("no such path: /services/T0/secret-one", "no such path: ***")]
    [InlineData("{\"path\":\"\\/services\\/T0\\/secret-one\"}", "{\"path\":\"***\"}")]
    [InlineData("secret-one is unknown, opensesame&amp;1 too", "*** is unknown, *** too")]
    [InlineData("SECRET-ONE", "***")]
    [InlineData("nothing of it", "nothing of it")]
    [InlineData("0123456789 secret-one", "0123456789 ***")]
    public void Credentials_of_a_url_are_taken_out_of_what_its_receiver_says(string text, string expected)
    {
        Assert.True(EndpointUrl.TryParse("https://host.example/services/T0/secret-one?key=opensesame%261", out var url));
        Assert.Equal(expected, Redaction.Head(text, url, 1_024));
    }

    [Fact]
    public void Credential_that_the_end_of_what_is_kept_cuts_is_taken_out_whole()
    {
        Assert.True(EndpointUrl.TryParse("https://host.example/secret-one", out var url));
        Assert.Equal("0123 ***", Redaction.Head("0123 /secret-one", url, 10));
    }

    [Theory]
    [InlineData("0123456789", 10)]
    [InlineData("ééééééé", 10)]
    [InlineData("漢字漢字漢字", 9)]
    [InlineData("a😀😀😀😀", 9)]
    [InlineData("012345678😀", 9)]
    public void What_is_kept_of_an_answer_is_counted_in_bytes_and_cut_between_letters(string text, int bytes)
    {
        Assert.True(EndpointUrl.TryParse("https://host.example/secret-one", out var url));

        var head = Redaction.Head(text, url, 10);

        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(head));
        Assert.StartsWith(head, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("93.184.216.34")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:4860:4860::8888")]
    public void Address_of_the_Internet_is_allowed(string address) => Assert.True(new AddressCheck([]).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1", false)]
    [InlineData("10.1.0.0/16, ::1/128", "::1", true)]
    [InlineData("::1/128", "127.0.0.1", false)]
    public void Network_is_allowed_by_configuration_alone(string networks, string address, bool allowed)
    {
        Assert.True(AddressCheck.TryParseNetworks(networks, out var parsed, out _));
        Assert.Equal(allowed, new AddressCheck(parsed).Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.1/8")]
    [InlineData("localhost")]
    [InlineData("10.0.0.0/33")]
    public void Wrong_network_is_named(string networks)
    {
        Assert.False(AddressCheck.TryParseNetworks(networks, out _, out var wrong));
        Assert.Equal(networks, wrong);
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/T0/B0/secret", "https://hooks.slack.com/***")]
    [InlineData("http://user:password@host.example:8080/a?token=secret#secret", "http://host.example:8080/***")]
    [InlineData("https://host.example", "https://host.example/")]
    public void Url_prints_itself_without_its_credentials(string url, string masked)
    {
        Assert.True(EndpointUrl.TryParse(url, out var parsed));
        Assert.Equal(masked, $"{parsed}");
    }

    private static async Task<Outcome> SendAsync(string url, IHostResolver resolver, string allowed = "")
    {
        Assert.True(AddressCheck.TryParseNetworks(allowed, out var networks, out _));
        Assert.True(EndpointUrl.TryParse(url, out var parsed));
        var (vault, endpoint) = (new SecretVault("a mesh key", null), Guid.CreateVersion7());
        var services = new ServiceCollection().AddSingleton(vault);
        services.AddSingleton(new AddressCheck(networks)).AddSingleton(resolver).AddSingleton<CheckedConnecting>().AddLogging().AddSingleton<Sending>();
        services.AddSingleton(TimeProvider.System).AddOptions<DeliveryOptions>();
        services.AddSendingClient();
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<Sending>().SendAsync(
            new("msg_1", DateTimeOffset.UtcNow, endpoint, EndpointKind.Standard, parsed, [vault.Seal(SigningSecret.Make(), endpoint)], "{}"u8.ToArray()),
            CancellationToken.None);
    }

    private sealed class Names(Func<string, string[]> resolve) : IHostResolver
    {
        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IPAddress>>([.. resolve(host).Select(IPAddress.Parse)]);
    }
}
