using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <inheritdoc />
public class DistributedApplicationBuilder : IDistributedApplicationBuilder, IStoreOwner
{
    private static readonly Dictionary<string, string> SwitchMappings = new()
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Pipeline:OutputPath",
    };

    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;
    private readonly IBuilderObserver? _observer = BuilderObserver.Current;

    /// <summary>Begins an application.</summary>
    /// <param name="args">The command line.</param>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Begins an application.</summary>
    /// <param name="options">How it is made.</param>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var settings = new HostApplicationBuilderSettings
        {
            // The defaults watch files, and several test fixtures side by side would use up the watches of a user.
            DisableDefaults = true,
            EnvironmentName = Variable("DOTNET_ENVIRONMENT") ?? Variable("ASPNETCORE_ENVIRONMENT"),
        };
        _observer?.OnCreating(options, settings);

        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? MetadataOf(AppHostAssembly, "apphostprojectpath") ?? Directory.GetCurrentDirectory();
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        settings.ContentRootPath ??= AppHostDirectory;
        _host = new HostApplicationBuilder(settings);
        Configure(options.Args ?? []);

        ExecutionContext = new(IsPublishing()
            ? DistributedApplicationOperation.Publish
            : DistributedApplicationOperation.Run);
        Store = AspireStore.Open(Configuration, AppHostDirectory);
        AddServices();
        _observer?.OnCreated(this);
    }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc />
    public IResourceCollection Resources { get; } = new ResourceCollection([]);

    AspireStore IStoreOwner.Store => Store;

    internal AspireStore Store { get; }

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        _observer?.OnBuilding(this);
        var application = new DistributedApplication(_host.Build(), _observer);
        ExecutionContext.Attach(application.Services);
        _observer?.OnBuilt(application);
        return application;
    }

    private static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name);

    private static string? MetadataOf(Assembly? assembly, string key) => assembly?
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => string.Equals(attribute.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    private bool IsPublishing() =>
        string.Equals(Configuration["AppHost:Operation"], "publish", StringComparison.OrdinalIgnoreCase)
        || Configuration["Publishing:Publisher"] is { Length: > 0 };

    private void Configure(string[] args)
    {
        var environment = _host.Environment;
        Configuration
            .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
            .AddJsonFile($"appsettings.{environment.EnvironmentName}.json", optional: true, reloadOnChange: false);
        if (environment.IsDevelopment() && AppHostAssembly is not null)
        {
            Configuration.AddUserSecrets(AppHostAssembly, optional: true, reloadOnChange: false);
        }

        Configuration.AddEnvironmentVariables();
        if (_observer is not null)
        {
            Configuration.AddInMemoryCollection(_observer.Configuration);
        }

        Configuration.AddCommandLine(args, SwitchMappings);
    }

    private void AddServices()
    {
        Services.AddSingleton<IHostLifetime, Microsoft.Extensions.Hosting.Internal.ConsoleLifetime>();
        Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        Services.Configure<HostOptions>(options => options.ShutdownTimeout = Shutdown.Limit);
        Services.AddLogging(logging =>
        {
            logging.AddConfiguration(Configuration.GetSection("Logging"));
            // The host's own events are told by the mesh's console; a check that fails is a resource's state, not an error.
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Warning);

            // A failed start is thrown; written here too, with its stack, it would bury the one line that names the fix.
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
            logging.AddFilter("System.Net.Http", LogLevel.Warning);
            logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
            if (_observer is null)
            {
                logging.AddSimpleConsole(console => console.SingleLine = true);
            }
        });
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(_options);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Store);
        Services.AddSingleton(Resources);
        Services.AddSingleton(provider => new DistributedApplicationModel(provider.GetRequiredService<IResourceCollection>()));
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton<ResourceNotificationService>(provider => new(
            provider.GetRequiredService<ILogger<ResourceNotificationService>>(),
            provider.GetRequiredService<IHostApplicationLifetime>()));
        Services.AddSingleton<ResourceCommandService>(provider => new(
            provider.GetRequiredService<DistributedApplicationModel>(),
            provider.GetRequiredService<ResourceNotificationService>(),
            provider));
        Services.AddHealthChecks();
        // The periodic publisher of the health-check package would check everything a second time.
        Services.Configure<HealthCheckPublisherOptions>(options => options.Predicate = _ => false);
        if (ExecutionContext.IsPublishMode)
        {
            Services.AddHostedService<ManifestPublisher>();
        }
        else
        {
            Orchestrator.AddTo(Services, withConsole: _observer is null);
        }
    }
}
