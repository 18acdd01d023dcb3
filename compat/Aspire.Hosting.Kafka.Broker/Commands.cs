namespace Aspire.Hosting.Kafka.Broker;

/// <summary>What the process that started the broker may ask of it, a line each on stdin; the end of stdin is its end.</summary>
internal static class Commands
{
    public static async Task ServeAsync(TextReader input, TextWriter output, MockCluster cluster, BootstrapPort? front, CancellationToken stop)
    {
        // A console read does not hear the token; Task.Run, because the first read of a terminal blocks its caller.
        var lines = Task.Run(() => input.ReadLine(), CancellationToken.None);
        try
        {
            while (await lines.WaitAsync(stop) is { } line)
            {
                await output.WriteLineAsync(Obey(line.Trim(), cluster, front).AsMemory(), stop);
                lines = Task.Run(() => input.ReadLine(), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop by a signal: the caller takes the cluster down.
        }
    }

    private static string Obey(string command, MockCluster cluster, BootstrapPort? front)
    {
        switch (command)
        {
            case "down":
                front?.GoDown();
                cluster.GoDown();
                return "DOWN";
            case "up":
                cluster.ComeUp();
                front?.ComeUp();
                return "UP";
            default:
                return $"Not understood: {command}. Commands: down (close every connection, refuse new ones, keep what is stored), up.";
        }
    }
}
