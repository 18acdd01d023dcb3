using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Aspire.Hosting;

namespace Compat.Tests.Broker;

/// <summary>The broker program, run as the hosting stand-in runs it: with a pipe for its stdin, whose end is its end.</summary>
public sealed class BrokerProcess : IDisposable
{
    // A .NET process on a loaded machine of two cores.
    private static readonly TimeSpan StartOrStop = TimeSpan.FromSeconds(20);

    private static readonly string Program = typeof(KafkaBuilderExtensions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "KafkaBroker").Value!;

    private readonly Process _process;

    private BrokerProcess(Process process) => _process = process;

    public string Address { get; private set; } = "";

    public string Note { get; private set; } = "";

    public static async Task<BrokerProcess> StartAsync(params string[] arguments)
    {
        var broker = new BrokerProcess(Launch(arguments));
        broker.Address = (await broker.ReadLineAsync())!.Replace("BOOTSTRAP ", "", StringComparison.Ordinal);
        broker.Note = (await broker.ReadLineAsync())!;
        return broker;
    }

    /// <summary>For a program that is expected to end by itself: its exit code, and what it said on stderr.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        using var deadline = new CancellationTokenSource(StartOrStop);
        var error = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, error);
    }

    public async Task<string?> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        string? answer;
        do answer = await ReadLineAsync();
        while (answer is { Length: > 0 } && answer.StartsWith("Clients find", StringComparison.Ordinal));
        return answer;
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void Terminate() => Assert.Equal(0, Kill(_process.Id, 15));

    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(StartOrStop);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static Process Launch(string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private async Task<string?> ReadLineAsync()
    {
        using var deadline = new CancellationTokenSource(StartOrStop);
        return await _process.StandardOutput.ReadLineAsync(deadline.Token);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
