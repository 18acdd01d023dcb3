using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.Http;

namespace OpenTelemetry.Trace;

/// <summary>Adds the traces of <see cref="HttpClient"/>.</summary>
public static class HttpClientInstrumentationTracerProviderBuilderExtensions
{
    /// <summary>Adds a span for each outgoing request.</summary>
    public static TracerProviderBuilder AddHttpClientInstrumentation(this TracerProviderBuilder builder) =>
        AddHttpClientInstrumentation(builder, name: null, configureHttpClientTraceInstrumentationOptions: null);

    /// <summary>Adds a span for each outgoing request.</summary>
    public static TracerProviderBuilder AddHttpClientInstrumentation(
        this TracerProviderBuilder builder,
        Action<HttpClientTraceInstrumentationOptions>? configureHttpClientTraceInstrumentationOptions) =>
        AddHttpClientInstrumentation(builder, name: null, configureHttpClientTraceInstrumentationOptions);

    /// <summary>Adds a span for each outgoing request, with options of this name.</summary>
    public static TracerProviderBuilder AddHttpClientInstrumentation(
        this TracerProviderBuilder builder,
        string? name,
        Action<HttpClientTraceInstrumentationOptions>? configureHttpClientTraceInstrumentationOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;

        builder.ConfigureServices(services =>
        {
            if (configureHttpClientTraceInstrumentationOptions is not null)
                services.Configure(name, configureHttpClientTraceInstrumentationOptions);
            services.TryAddSingleton<HttpClientInstrumentation>();
        });

        builder.AddSource("System.Net.Http");
        return builder.AddInstrumentation(services =>
        {
            var options = services.GetRequiredService<IOptionsMonitor<HttpClientTraceInstrumentationOptions>>();
            return services.GetRequiredService<HttpClientInstrumentation>().Listen(name, options.Get(name));
        });
    }
}
