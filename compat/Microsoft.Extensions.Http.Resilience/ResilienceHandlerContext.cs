using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly.Registry;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>What a pipeline is configured with.</summary>
public sealed class ResilienceHandlerContext
{
    private readonly ConfigureBuilderContext<string> _context;

    internal ResilienceHandlerContext(IServiceProvider services, ConfigureBuilderContext<string> context)
    {
        ServiceProvider = services;
        _context = context;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>The pipeline's name.</summary>
    public string BuilderName => _context.PipelineKey;

    /// <summary>Builds the pipeline anew when these options change.</summary>
    public void EnableReloads<TOptions>(string? name = null)
    {
        name ??= Options.Options.DefaultName;
        var changed = new CancellationTokenSource();
        var monitor = ServiceProvider.GetRequiredService<IOptionsMonitor<TOptions>>();
        var subscription = monitor.OnChange((_, changedName) =>
        {
            if (changedName == name)
                changed.Cancel();
        });
        _context.AddReloadToken(changed.Token);
        _context.OnPipelineDisposed(() =>
        {
            subscription?.Dispose();
            changed.Dispose();
        });
    }

    /// <summary>The current options.</summary>
    public TOptions GetOptions<TOptions>(string? name = null) =>
        ServiceProvider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name ?? Options.Options.DefaultName);

    /// <summary>Is called when the pipeline is disposed.</summary>
    public void OnPipelineDisposed(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _context.OnPipelineDisposed(callback);
    }
}
