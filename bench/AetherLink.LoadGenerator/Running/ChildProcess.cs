using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// A process of this run. It dies with this one, however that ends; the parent-death signal belongs to the thread that
/// starts it, so that all are started by one thread that lives as long as this process.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private const int TailBytes = 4096;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);
    private static readonly BlockingCollection<Action> Starts = StartingThread();

    private readonly Process _process;
    private readonly byte[] _tail = new byte[TailBytes];
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _written;

    private ChildProcess(Process process)
    {
        _process = process;
        Drain(process.StandardOutput.BaseStream, isOutput: true);
        Drain(process.StandardError.BaseStream, isOutput: false);
    }

    public int Id => _process.Id;

    /// <summary>The first line of its output; fails when it ends before.</summary>
    public Task<string> FirstLine => _firstLine.Task;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote last.</summary>
    public string Tail
    {
        get
        {
            var written = Interlocked.Read(ref _written);
            var from = (int)(written % TailBytes);
            return Encoding.UTF8.GetString(written < TailBytes ? _tail[..from] : [.. _tail[from..], .. _tail[..from]]);
        }
    }

    /// <param name="command">The program, as `setpriv` is to start it.</param>
    /// <param name="environment">Over this process' own.</param>
    public static async Task<ChildProcess> StartAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Open for as long as it runs: to some the end of their input is their own.
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in (IEnumerable<string>)["--pdeathsig", "KILL", .. command])
        {
            start.ArgumentList.Add(argument);
        }
        // Set for the generator alone: nothing of a service is to be quicker here than where it ships.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        var started = new TaskCompletionSource<Process>();
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return new(await started.Task);
    }

    /// <summary>Asks it to end, and kills it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Postgres takes it as the fast stop, .NET as Ctrl-C.
            _ = Kill(Id, Interrupt);
            using var patience = new CancellationTokenSource(Grace);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    // Read in large pieces and thrown away but for the end: what the services log must not cost the generator.
    private void Drain(Stream output, bool isOutput) => new Thread(() =>
    {
        var buffer = new byte[64 * 1024];
        var line = new StringBuilder();
        int read;
        while ((read = Read(output, buffer)) > 0)
        {
            lock (_tail)
            {
                for (var index = Math.Max(0, read - TailBytes); index < read; index++)
                {
                    _tail[_written++ % TailBytes] = buffer[index];
                }
            }
            if (isOutput && !_firstLine.Task.IsCompleted)
            {
                line.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (line.ToString().Split('\n') is [var first, _, ..])
                {
                    _firstLine.TrySetResult(first);
                }
            }
        }
        if (isOutput)
        {
            _firstLine.TrySetException(new InvalidOperationException($"It ended before it said anything: {Tail}"));
        }
    })
    { IsBackground = true }.Start();

    private static int Read(Stream output, byte[] buffer)
    {
        try
        {
            return output.Read(buffer);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return 0;
        }
    }

    private static BlockingCollection<Action> StartingThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "starts processes" }.Start();
        return starts;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
