using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Orchestration;

// The watcher of a mesh: `dotnet Aspire.Hosting.Orchestration.dll <mesh> <grace in seconds>`. It reads what the AppHost
// starts from its standard input, and ends it when that closes, which the kernel does however the AppHost ends.
if (args is not [var mesh, var graceText])
{
    await Console.Error.WriteLineAsync("usage: Aspire.Hosting.Orchestration <mesh> <grace in seconds>");
    return 2;
}

var groups = new HashSet<int>();
var folders = new List<string>();
string? engine = null;
while (await Console.In.ReadLineAsync() is { } line)
{
    switch (line.Split(' ', 2))
    {
        case ["group", var group]:
            groups.Add(int.Parse(group, CultureInfo.InvariantCulture));
            break;
        case ["ended", var group]:
            groups.Remove(int.Parse(group, CultureInfo.InvariantCulture));
            break;
        case ["folder", var folder]:
            folders.Add(folder);
            break;
        case ["engine", var program]:
            engine = program;
            break;
    }
}

await Sweep.RunAsync(mesh, groups, TimeSpan.FromSeconds(double.Parse(graceText, CultureInfo.InvariantCulture)));
if (engine is not null)
{
    var containers = await Run(engine, "ps", "--all", "--quiet", "--filter", $"label={MeshMarker.Variable}={mesh}");
    foreach (var container in containers.Split('\n', StringSplitOptions.RemoveEmptyEntries))
    {
        await Run(engine, "rm", "--force", "--volumes", container);
    }

    await Run(engine, "network", "rm", mesh);
}

foreach (var folder in folders.Where(Directory.Exists))
{
    Directory.Delete(folder, recursive: true);
}

return 0;

static async Task<string> Run(string program, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    var output = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    return output;
}
