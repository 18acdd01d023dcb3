using AetherLink.LoadGenerator.Running;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AetherLink.Tests.AutoHeal.Docker;

/// <summary>
/// A fact that needs an engine. Where none is installed that is known when tests are discovered; whether one that is can start is
/// known only when it is tried: what fails for that is skipped, with the engine's own last words as the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("AetherLink.Tests.AutoHeal.Docker." + nameof(DockerFactDiscoverer), "AetherLink.Tests")]
internal sealed class DockerFactAttribute : FactAttribute
{
    public DockerFactAttribute() => Skip = DockerEngine.WhyNot;
}

internal sealed class DockerFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        [new DockerTestCase(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)];
}

internal sealed class DockerTestCase : XunitTestCase
{
    [Obsolete("For deserialization, which needs it.")]
    public DockerTestCase()
    {
    }

    public DockerTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
    {
        // The base ends it with its other messages; the bus itself is not its own to dispose.
        var bus = new NoEngineSkips(messageBus);
        var summary = await base.RunAsync(diagnosticMessageSink, bus, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= bus.Skipped;
        summary.Skipped += bus.Skipped;
        return summary;
    }
}

/// <summary>Tells of a test that failed for want of an engine as one that was skipped.</summary>
internal sealed class NoEngineSkips(IMessageBus inner) : IMessageBus
{
    public int Skipped { get; private set; }

    public bool QueueMessage(IMessageSinkMessage message)
    {
        if (message is not ITestFailed failed || Array.IndexOf(failed.ExceptionTypes, typeof(NoEngineException).FullName) is not (>= 0 and var at))
            return inner.QueueMessage(message);
        Skipped++;
        return inner.QueueMessage(new TestSkipped(failed.Test, failed.Messages[at]));
    }

    public void Dispose()
    {
    }
}
