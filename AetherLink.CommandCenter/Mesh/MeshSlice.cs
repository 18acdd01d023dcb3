using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>The catalogue of services, and their health.</summary>
internal static class MeshSlice
{
    public static WebApplicationBuilder AddMesh(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MeshJson.Default));
        services.AddOptions<MeshOptions>().BindConfiguration("Mesh").ValidateDataAnnotations().ValidateOnStart();
        services.AddMeshProbeClient();
        services.AddMeshClient(HealingApi.AutoHeal, Scopes.HealsRead);
        services.AddSingleton<Uptime>();
        services.AddSingleton<Catalogue>();
        services.AddSingleton<Registrations>();
        services.AddSingleton<HealthBoard>();
        services.AddSingleton<Versions>();
        services.AddSingleton<OperatorMetrics>();
        services.AddHostedService<Probing>();
        return builder;
    }

    /// <summary>Counts every answer, also those that never reach an endpoint. Before everything else in the pipeline.</summary>
    public static void UseOperatorMetrics(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<OperatorMetrics>();
        app.Use(async (context, next) =>
        {
            await next(context);
            metrics.Answered(context);
        });
    }
}
