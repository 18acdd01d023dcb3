using System.Collections;
using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Compat.Tests.AspireHosting;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task Project_is_told_exactly_what_Aspire_tells_it()
    {
        await using var builder = Meshes.Empty("--AppHost:OtlpApiKey=otlp-key", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:4317");
        var key = builder.AddParameter("key", "the-key", secret: true);
        var other = builder.AddService("other-service");
        var connection = builder.AddResource(new Connection("data-base"));
        builder.AddService("service")
            .WithReference(other)
            .WithReference(connection)
            .WithEnvironment("KEY", key)
            .WithEnvironment("OTHER", $"{other.GetEndpoint("http")}/path?key={key}");
        await using var app = await builder.StartAsync();
        await app.Healthy("service");

        using var client = app.CreateHttpClient("service");
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>("/environment");

        var own = app.GetEndpoint("service").ToString().TrimEnd('/');
        var others = app.GetEndpoint("other-service").ToString().TrimEnd('/');
        var inherited = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key);
        var told = environment!.ExceptBy([.. inherited, "ASPIRE_MESH"], variable => variable.Key).ToDictionary();
        Assert.Matches("^service.instance.id=[0-9a-f]{8}$", told["OTEL_RESOURCE_ATTRIBUTES"]);
        told.Remove("OTEL_RESOURCE_ATTRIBUTES");
        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = own,
                ["ConnectionStrings__data-base"] = "Host=there",
                ["DATA_BASE_HOST"] = "there",
                ["DOTNET_LAUNCH_PROFILE"] = "http",
                ["FROM_PROFILE"] = "yes",
                ["KEY"] = "the-key",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
                ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
                ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
                ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4317",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=otlp-key",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
                ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
                ["OTEL_SERVICE_NAME"] = "service",
                ["OTEL_TRACES_SAMPLER"] = "always_on",
                ["OTHER"] = $"{others}/path?key=the-key",
                ["OTHER_SERVICE_HTTP"] = others,
                ["services__other-service__http__0"] = others,
            },
            new SortedDictionary<string, string>(told));
    }

    [Fact]
    public async Task Services_may_refer_to_each_other()
    {
        await using var builder = Meshes.Empty();
        var first = builder.AddService("first");
        var second = builder.AddService("second").WithReference(first);
        first.WithReference(second);
        await using var app = await builder.StartAsync();

        var environment = await first.Resource.GetEnvironmentVariableValuesAsync();

        Assert.Equal(app.GetEndpoint("second").ToString().TrimEnd('/'), environment["services__second__http__0"]);
    }

    [Fact]
    public async Task Ports_of_launch_profiles_are_fixed_in_a_run_and_random_in_a_test()
    {
        await using var builder = Meshes.Empty();
        var service = builder.AddService("service");
        await using var app = await builder.StartAsync();

        Assert.Equal(18765, service.Resource.Annotations.OfType<EndpointAnnotation>().Single().Port);
        Assert.NotEqual(18765, app.GetEndpoint("service").Port);
    }

    private sealed class Connection(string name) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"Host=there");

        IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
            [new("Host", ReferenceExpression.Create($"there"))];
    }
}
