using System.Collections.Concurrent;
using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>At most one listener for each name of options, however often the instrumentation is added.</summary>
internal sealed class AspNetCoreInstrumentation : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Subscription>> _subscriptions = new(StringComparer.Ordinal);

    public object Listen(string name, AspNetCoreTraceInstrumentationOptions options) =>
        _subscriptions.GetOrAdd(name, _ => new(() => new Subscription(new RequestListener(options)))).Value;

    public void Dispose()
    {
        foreach (var subscription in _subscriptions.Values)
            subscription.Value.Dispose();
    }

    /// <summary>Follows the framework's diagnostic source from the moment it exists, which may be later than now.</summary>
    private sealed class Subscription : IObserver<DiagnosticListener>, IDisposable
    {
        private readonly ConcurrentBag<IDisposable> _subscribed = [];
        private readonly RequestListener _requests;
        private readonly IDisposable _all;

        public Subscription(RequestListener requests)
        {
            _requests = requests;
            _all = DiagnosticListener.AllListeners.Subscribe(this);
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.AspNetCore")
                _subscribed.Add(value.Subscribe(_requests, RequestListener.Listens));
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            _all.Dispose();
            foreach (var subscription in _subscribed)
                subscription.Dispose();
        }
    }
}
