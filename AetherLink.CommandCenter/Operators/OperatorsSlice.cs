using AetherLink.CommandCenter.Storage.Migrations;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Operators;

/// <summary>Who changed what.</summary>
internal static class OperatorsSlice
{
    public static WebApplicationBuilder AddOperators(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OperatorsJson.Default));
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<Actors>();
        builder.Services.AddSingleton<ChainSealing>();
        builder.Services.AddSingleton<OperatorAudit>();
        builder.Services.AddSingleton<AuditReader>();
        builder.Services.AddSingleton(services => new MigrationSetting(
            M0460SealedStart.Setting, Convert.ToHexStringLower(services.GetRequiredService<ChainSealing>().Seal(ChainHead.Empty))));
        builder.Services.AddHostedService<ChainResealing>();
        builder.Services.AddHostedService<AuditPruning>();
        builder.Services.AddHostedService<ChangeIngest>();
        builder.Services.AddSingleton<IDenialSink, OwnDenials>();
        return builder;
    }
}
