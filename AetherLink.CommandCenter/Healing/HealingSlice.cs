namespace AetherLink.CommandCenter.Healing;

/// <summary>The rules that heal deliveries, and the endpoints' cooldowns.</summary>
internal static class HealingSlice
{
    public static WebApplicationBuilder AddHealing(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HealingJson.Default));
        builder.Services.AddSingleton<RuleStore>();
        builder.Services.AddSingleton<Healer>();
        builder.Services.AddHostedService<HealingLoop>();
        return builder;
    }

    public static void MapHealing(this WebApplication app)
    {
        var healing = app.MapGroup("/autoheal").WithTags("healing").ProducesProblem(503);
        healing.MapRules();
        healing.MapCooldowns();
    }
}
