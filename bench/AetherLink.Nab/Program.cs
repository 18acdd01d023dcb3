using System.Globalization;
using AetherLink.Nab.Files;
using AetherLink.Nab.Running;

// --data DIR [--out DIR]: the detector over a folder in the benchmark's layout.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (!Arguments.TryParse(args, out var data, out var results))
{
    await Console.Error.WriteLineAsync("bench nab: --data DIR [--out DIR]; DIR has series (timestamp,value) in CSV files, under data/ or itself.");
    return 2;
}
try
{
    var folder = NabFolder.Read(data);
    if (folder.Series.Count == 0)
    {
        await Console.Error.WriteLineAsync($"bench nab: no CSV files under {data}.");
        return 2;
    }
    var run = DetectorRun.Over(folder);
    ResultFiles.Write(results, run);
    Report.Print(Console.Out, folder, run, results);
    return 0;
}
catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException or System.Text.Json.JsonException)
{
    await Console.Error.WriteLineAsync($"bench nab: {fault.Message}");
    return 1;
}
