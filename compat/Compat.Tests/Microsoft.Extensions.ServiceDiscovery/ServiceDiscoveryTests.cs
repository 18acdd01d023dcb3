using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.ServiceDiscovery;

namespace Compat.Tests.ServiceDiscovery;

public sealed class ServiceDiscoveryTests
{
    private static readonly Dictionary<string, string?> Catalog = new()
    {
        ["services:catalog:http:0"] = "http://localhost:8010",
        ["services:catalog:https:0"] = "https://localhost:8011",
        ["services:catalog:admin:0"] = "http://localhost:8012/base/",
        ["services:plain:http:0"] = "http://localhost:8020",
        ["services:spread:http:0"] = "http://localhost:1",
        ["services:spread:http:1"] = "http://localhost:2",
        ["services:spread:http:2"] = "http://localhost:3",
        ["services:single:http"] = "http://localhost:8030",
        ["services:hostonly:default:0"] = "10.0.0.7:99",
    };

    [Theory]
    [InlineData("http://catalog/items?a=1", "http://localhost:8010/items?a=1")]
    [InlineData("https://catalog/items", "https://localhost:8011/items")]
    [InlineData("https+http://catalog/items", "https://localhost:8011/items")]
    [InlineData("https+http://plain/items", "http://localhost:8020/items")]
    [InlineData("http://_admin.catalog/items", "http://localhost:8012/base/items")]
    [InlineData("https+http://_admin.catalog/items", "http://localhost:8012/base/items")]
    [InlineData("http://single/", "http://localhost:8030/")]
    [InlineData("http://CATALOG/", "http://localhost:8010/")]
    [InlineData("https+http://hostonly/a", "https://10.0.0.7:99/a")]
    public async Task Service_is_found_in_the_configuration(string asked, string expected)
    {
        await using var client = new DiscoveringClient(Catalog);

        Assert.Equal(expected, await client.WhereAsync(asked));
    }

    [Theory]
    [InlineData("http://example.com/items", "http://example.com/items")]
    [InlineData("http://example.com:81/items", "http://example.com:81/items")]
    [InlineData("http://127.0.0.1:5000/", "http://127.0.0.1:5000/")]
    [InlineData("https+http://example.com/items", "https://example.com/items")]
    [InlineData("https://plain/items", "https://plain/items")]
    public async Task What_is_not_configured_passes_through_as_a_host(string asked, string expected)
    {
        await using var client = new DiscoveringClient(Catalog);

        Assert.Equal(expected, await client.WhereAsync(asked));
    }

    [Fact]
    public async Task Endpoints_are_taken_in_turn()
    {
        await using var client = new DiscoveringClient(Catalog);

        var first = new[] { await client.WhereAsync("http://spread/"), await client.WhereAsync("http://spread/"), await client.WhereAsync("http://spread/") };
        var second = new[] { await client.WhereAsync("http://spread/"), await client.WhereAsync("http://spread/"), await client.WhereAsync("http://spread/") };

        Assert.Equal(["http://localhost:1/", "http://localhost:2/", "http://localhost:3/"], first.Order());
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Change_of_the_configuration_is_followed()
    {
        await using var client = new DiscoveringClient(Catalog);
        Assert.Equal("http://localhost:8010/", await client.WhereAsync("http://catalog/"));
        Assert.Equal("http://late/", await client.WhereAsync("http://late/"));

        client.Configuration["services:catalog:http:0"] = "http://localhost:9010";
        client.Configuration["services:late:http:0"] = "http://localhost:9020";
        ((IConfigurationRoot)client.Configuration).Reload();

        Assert.Equal("http://localhost:9010/", await client.WhereAsync("http://catalog/"));
        Assert.Equal("http://localhost:9020/", await client.WhereAsync("http://late/"));
    }

    [Fact]
    public async Task Resolver_lists_every_endpoint_and_says_when_they_changed()
    {
        await using var client = new DiscoveringClient(Catalog);

        var source = await client.Resolver.GetEndpointsAsync("http://spread", CancellationToken.None);

        Assert.Equal("[http://localhost:1/, http://localhost:2/, http://localhost:3/]", source.ToString());
        Assert.All(source.Endpoints, endpoint => Assert.Equal("Configuration", endpoint.Features.Get<IServiceEndpointProvider>()?.ToString()));
        Assert.False(source.ChangeToken.HasChanged);
        ((IConfigurationRoot)client.Configuration).Reload();
        Assert.True(source.ChangeToken.HasChanged);
    }

    [Fact]
    public async Task Only_allowed_schemes_are_used()
    {
        await using var client = new DiscoveringClient(Catalog, options =>
        {
            options.AllowAllSchemes = false;
            options.AllowedSchemes = ["https"];
        });

        Assert.Equal("https://localhost:8011/", await client.WhereAsync("https+http://catalog/"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.WhereAsync("http+https://elsewhere/"));
    }

    [Theory]
    [InlineData("services:odd:http:first", "http://localhost:1", "no number: 'first'")]
    [InlineData("services:odd:http:0", "http://", "is no address")]
    public async Task Misconfigured_endpoint_is_refused_with_its_place(string key, string value, string reason)
    {
        await using var client = new DiscoveringClient(new() { [key] = value });

        var refusal = await Assert.ThrowsAsync<KeyNotFoundException>(() => client.WhereAsync("http://odd/"));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("odd", refusal.Message, StringComparison.Ordinal);
    }
}
