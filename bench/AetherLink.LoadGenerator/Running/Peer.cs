using System.Net;
using System.Net.Sockets;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// Another gateway before the same fake provider, in the same minutes: npm's @portkey-ai/gateway, where scripts/bench.sh could
/// install it. It speaks the dialect of OpenAI at both ends, keeps no audit, and checks no answer.
/// </summary>
internal sealed class Peer : IAsyncDisposable
{
    public const string Name = "@portkey-ai/gateway";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private Peer(ChildProcess process, IPEndPoint address) => (_process, Address) = (process, address);

    public IPEndPoint Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Null where it is not installed.</summary>
    public static async Task<Peer?> StartAsync(Bench bench, CancellationToken cancellationToken)
    {
        var script = Path.Combine(bench.Root, ".aether/peer/node_modules/@portkey-ai/gateway/build/start-server.js");
        if (!File.Exists(script)) return null;
        var port = Ports.Free();
        var process = await ChildProcess.StartAsync(["node", script, Table.Row.Text($"--port={port}"), "--headless"],
            new Dictionary<string, string> { ["NODE_ENV"] = "production" });
        var peer = new Peer(process, new(IPAddress.Loopback, port));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!await ListensAsync(peer.Address, patience.Token)) await Task.Delay(100, patience.Token);
        return peer;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> ListensAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
