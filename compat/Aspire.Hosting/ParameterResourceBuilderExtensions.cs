using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Describes parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is configured as <c>Parameters:name</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="secret">Whether the value is secret.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(name, @default => Configured(builder, name, @default), secret));
    }

    /// <summary>Adds a parameter with a value.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="publishValueAsDefault">Whether the manifest carries the value.</param>
    /// <param name="secret">Whether the value is secret.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false) => builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <summary>Adds a parameter with a value.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="valueGetter">Gives its value.</param>
    /// <param name="publishValueAsDefault">Whether the manifest carries the value.</param>
    /// <param name="secret">Whether the value is secret.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        Func<string> valueGetter,
        bool publishValueAsDefault = false,
        bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret));
        }

        return builder.AddResource(new ParameterResource(name, _ => valueGetter(), secret)
        {
            Default = publishValueAsDefault ? new ConstantParameterDefault(valueGetter) : null,
        });
    }

    /// <summary>Adds a parameter whose value is configured, or else the default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value is secret.</param>
    /// <param name="persist">Whether a default once made is kept for the next run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        ParameterDefault value,
        bool secret = false,
        bool persist = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(Defaulted(builder, name, value, secret, persist));
    }

    /// <summary>Adds a parameter whose value is configured under a key of one's own.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="configurationKey">The key.</param>
    /// <param name="secret">Whether the value is secret.</param>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string configurationKey,
        bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(new ParameterResource(name, _ => builder.Configuration[configurationKey] ?? throw Missing(name, configurationKey), secret)
        {
            ConfigurationKey = configurationKey,
        });
    }

    /// <summary>Says what a parameter is for.</summary>
    /// <param name="builder">The parameter.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="enableMarkdown">Whether the words are Markdown.</param>
    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder,
        string description,
        bool enableMarkdown = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = enableMarkdown;
        builder.Resource.Description = description;
        return builder;
    }

    /// <summary>A password made at random once, and kept: not part of the model until it is used.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="lower">Whether it may have lower-case letters.</param>
    /// <param name="upper">Whether it may have upper-case letters.</param>
    /// <param name="numeric">Whether it may have digits.</param>
    /// <param name="special">Whether it may have other characters.</param>
    /// <param name="minLower">The least number of lower-case letters.</param>
    /// <param name="minUpper">The least number of upper-case letters.</param>
    /// <param name="minNumeric">The least number of digits.</param>
    /// <param name="minSpecial">The least number of other characters.</param>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return Defaulted(
            builder,
            name,
            new GenerateParameterDefault
            {
                Lower = lower,
                Upper = upper,
                Numeric = numeric,
                Special = special,
                MinLower = minLower,
                MinUpper = minUpper,
                MinNumeric = minNumeric,
                MinSpecial = minSpecial,
            },
            secret: true,
            persist: true);
    }

    private static ParameterResource Defaulted(
        IDistributedApplicationBuilder builder,
        string name,
        ParameterDefault value,
        bool secret,
        bool persist)
    {
        var effective = persist && builder.ExecutionContext.IsRunMode ? new StoredParameterDefault(name, value, AspireStore.Of(builder)) : value;
        return new(name, @default => Configured(builder, name, @default), secret) { Default = effective };
    }

    private static string Configured(IDistributedApplicationBuilder builder, string name, ParameterDefault? @default) =>
        builder.Configuration[$"Parameters:{name}"] ?? @default?.GetDefaultValue() ?? throw Missing(name, $"Parameters:{name}");

    private static DistributedApplicationException Missing(string name, string key) =>
        new($"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter '{name}' has no default value. Set it in user secrets, or as the environment variable '{key.Replace(":", "__", StringComparison.Ordinal)}'.");
}
