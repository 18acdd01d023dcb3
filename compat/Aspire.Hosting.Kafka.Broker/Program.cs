using System.Net.Sockets;
using System.Runtime.InteropServices;
using Aspire.Hosting.Kafka.Broker;

if (!BrokerOptions.TryParse(args, out var options, out var wrong))
{
    Console.Error.WriteLine($"{wrong}\n{BrokerOptions.Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    using var cluster = MockCluster.Start(options.Topics);
    using var front = options.Port is { } port ? BootstrapPort.Open(port, cluster.Address) : null;

    Console.WriteLine($"BOOTSTRAP {front?.Address ?? cluster.Address}");
    Console.WriteLine("A Kafka broker for development and tests, made of librdkafka's mock cluster. It keeps nothing on disk: 5 MB a partition, in memory, the oldest dropped beyond.");
    if (front is not null) Console.WriteLine($"Clients find the broker by {front.Address} and then speak to {cluster.Address}: the mock picks, and advertises, a port of its own.");

    await Commands.ServeAsync(Console.In, Console.Out, cluster, front, stop.Token);
    return 0;
}
catch (DllNotFoundException)
{
    Console.Error.WriteLine("librdkafka is not beside this program: install it (./aether setup, or apt-get install librdkafka1) and build again.");
    return 1;
}
catch (SocketException e)
{
    Console.Error.WriteLine($"Port {options.Port} cannot be had on 127.0.0.1: {e.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // the cluster is taken down in order, and the exit code is 0
    stop.Cancel();
}
