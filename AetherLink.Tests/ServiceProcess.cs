using System.Collections.Concurrent;
using System.Diagnostics;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests;

/// <summary>A service as a process of its own, in Development and without the rest of the mesh, so that it can be killed.</summary>
internal sealed class ServiceProcess : IDisposable
{
    /// <summary>Of what it said, told when it does not get ready.</summary>
    private const int LastLines = 20;

    private readonly Process _process;

    private ServiceProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>What it wrote to standard output.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <param name="project">Built beside the tests, in the same configuration.</param>
    /// <param name="resource">Its name in the mesh.</param>
    /// <param name="settings">Its environment besides.</param>
    public static ServiceProcess Start(string project, string resource, IEnumerable<(string Name, string Value)> settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var folder = AppContext.BaseDirectory.Replace("AetherLink.Tests", project, StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, $"{project}.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["OTEL_SERVICE_NAME"] = resource;
        start.Environment["MESH_KEY"] = ToyApp.MeshKey;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
        var process = Process.Start(start)!;
        var service = new ServiceProcess(process, address);
        process.OutputDataReceived += (_, line) => service.Lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Returns when it answers.</summary>
    /// <param name="within">What it has for that.</param>
    /// <param name="health">How its health has to begin; empty when an answer will do.</param>
    /// <exception cref="TimeoutException">It was not, and is killed; the message has what it said last.</exception>
    public async Task ReadyAsync(TimeSpan within, string health = "")
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            await Eventually.True(() => IsReadyAsync(client, health), within, $"{_process.StartInfo.Environment["OTEL_SERVICE_NAME"]} is ready");
        }
        catch (TimeoutException late)
        {
            Dispose();
            throw new TimeoutException($"{late.Message} It said last:\n{string.Join('\n', Lines.TakeLast(LastLines))}", late);
        }
    }

    /// <summary>Returns when it has ended by itself, or by a kill that was not waited for.</summary>
    public async Task HasEndedAsync(TimeSpan within)
    {
        using var time = new CancellationTokenSource(within);
        await _process.WaitForExitAsync(time.Token);
    }

    /// <summary>kill -9, without waiting.</summary>
    public void Strike() => _process.Kill();

    /// <summary>kill -9. It is gone when this returns.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, string health)
    {
        try
        {
            using var answer = await client.GetAsync("/health");
            return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).StartsWith(health, StringComparison.Ordinal);
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
