using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Ends the mesh with the <c>dotnet run</c> that has started the AppHost, also when that is killed. Any other parent may
/// end without harm: a script that has left the mesh running in the background does.
/// </summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || FindParent() is not { } id || !IsDotNetRun(id))
        {
            return;
        }

        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lifetime.StopApplication();
    }

    // "pid (name) state parent ...": the name may have blanks and parentheses in it.
    private static int? FindParent()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent) ? parent : null;
    }

    private static bool IsDotNetRun(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0') is [var program, .. var arguments]
                && Path.GetFileName(program) == "dotnet"
                && arguments.Any(argument => argument is "run" or "watch");
        }
        catch (IOException)
        {
            return false;
        }
    }
}
