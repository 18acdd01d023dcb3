using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace OpenTelemetry.Trace;

/// <summary>Adds the traces of ASP.NET Core.</summary>
public static class AspNetCoreInstrumentationTracerProviderBuilderExtensions
{
    /// <summary>Adds a span for each incoming request.</summary>
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(this TracerProviderBuilder builder) =>
        AddAspNetCoreInstrumentation(builder, name: null, configureAspNetCoreTraceInstrumentationOptions: null);

    /// <summary>Adds a span for each incoming request.</summary>
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(
        this TracerProviderBuilder builder,
        Action<AspNetCoreTraceInstrumentationOptions>? configureAspNetCoreTraceInstrumentationOptions) =>
        AddAspNetCoreInstrumentation(builder, name: null, configureAspNetCoreTraceInstrumentationOptions);

    /// <summary>Adds a span for each incoming request, with options of this name.</summary>
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(
        this TracerProviderBuilder builder,
        string? name,
        Action<AspNetCoreTraceInstrumentationOptions>? configureAspNetCoreTraceInstrumentationOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;

        builder.ConfigureServices(services =>
        {
            if (configureAspNetCoreTraceInstrumentationOptions is not null)
                services.Configure(name, configureAspNetCoreTraceInstrumentationOptions);
            services.TryAddSingleton<AspNetCoreInstrumentation>();
        });

        if (builder is IDeferredTracerProviderBuilder deferred)
            deferred.Configure((services, tracing) => AddSources(tracing, OptionsOf(services, name)));

        return builder.AddInstrumentation(services =>
            services.GetRequiredService<AspNetCoreInstrumentation>().Listen(name, OptionsOf(services, name)));
    }

    private static AspNetCoreTraceInstrumentationOptions OptionsOf(IServiceProvider services, string name) =>
        services.GetRequiredService<IOptionsMonitor<AspNetCoreTraceInstrumentationOptions>>().Get(name);

    private static void AddSources(TracerProviderBuilder tracing, AspNetCoreTraceInstrumentationOptions options)
    {
        tracing.AddSource("Microsoft.AspNetCore");
        if (options.EnableAspNetCoreSignalRSupport)
            tracing.AddSource("Microsoft.AspNetCore.SignalR.Server");
        if (options.EnableRazorComponentsSupport)
            tracing.AddSource("Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Server.Circuits");
    }
}
