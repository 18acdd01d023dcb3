using System.Diagnostics;
using System.Runtime.InteropServices;
using AetherLink.LoadGenerator;
using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Cases;
using AetherLink.LoadGenerator.Table;

if (args is [BareServer.Command, var what])
{
    await BareServer.ServeAsync(what);
    return 0;
}
if (args is [PollLoop.Command, var socket])
{
    await PollLoop.RunAsync(socket);
    return 0;
}
if (!Arguments.TryParse(args, out var arguments, out var fault))
{
    await Console.Error.WriteLineAsync(fault);
    return 2;
}

using var stopped = new CancellationTokenSource();
// Everything started is ended in order; a second signal finds it dying.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

// Whatever happens, it ends by itself: at several times what a whole run takes on a busy machine.
stopped.CancelAfter(TimeSpan.FromMinutes(45));
var folder = Directory.CreateTempSubdirectory("aether-bench-");
// Postgres runs as somebody else, and has to get in.
if (!OperatingSystem.IsWindows())
{
    folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
var took = Stopwatch.StartNew();
try
{
    var bench = arguments.Bench(folder.FullName);
    var (heading, rows, isWhole) = (TablePrinter.Heading(bench), new List<Row>(), false);
    try
    {
        foreach (var one in arguments.Cases)
        {
            rows.AddRange(await MeasureAsync(one, bench, stopped.Token));
        }
        isWhole = true;
    }
    catch (OperationCanceledException)
    {
        await Console.Error.WriteLineAsync("Stopped.");
    }
    // Also of a run that was cut short: what was measured took minutes.
    TablePrinter.Print(Console.Out, heading + TablePrinter.Ending(took.Elapsed), rows);
    return !isWhole ? 130 : rows.Any(row => row.Met == false) ? 1 : 0;
}
finally
{
    folder.Delete(recursive: true);
}

// A case that breaks is a row of the table, and takes nothing from the others.
static async Task<IReadOnlyList<Row>> MeasureAsync(ICase one, Bench bench, CancellationToken cancellationToken)
{
    try
    {
        return await one.RunAsync(bench, cancellationToken);
    }
    catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync($"{one.Name}: {failure}");
        return [new(one.Name, $"broken: {failure.Message.ReplaceLineEndings(" ")}", "measured", Met: false)];
    }
}
