using AetherLink.CommandCenter.Insights.Anomalies.Detecting;
using AetherLink.Nab.Files;

namespace AetherLink.Nab.Running;

/// <summary>What the detector said of each point of each series, how long a point took it, and what it keeps of a series.</summary>
internal sealed record DetectorRun(IReadOnlyList<(NabSeries Series, Detection[] Said)> Files, TimeSpan Took, long BytesASeries)
{
    public long Points => Files.Sum(file => (long)file.Said.Length);

    public static DetectorRun Over(NabFolder folder)
    {
        // Once unmeasured: the first run is half the compiler's.
        foreach (var series in folder.Series.Take(4))
        {
            Judge(series);
        }
        // The processor's time: of a busy machine the clock tells more than of the detector.
        var before = Environment.CpuUsage.TotalTime;
        var files = folder.Series.Select(series => (series, Judge(series))).ToList();
        return new(files, Environment.CpuUsage.TotalTime - before, Bytes());
    }

    private static Detection[] Judge(NabSeries series)
    {
        var (detector, said) = (new SeriesDetector(), new Detection[series.Values.Length]);
        for (var i = 0; i < said.Length; i++)
        {
            said[i] = detector.Observe(new(series.Times[i], TimeSpan.Zero), series.Values[i]);
        }
        return said;
    }

    private static long Bytes()
    {
        const int Count = 1000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var detectors = Enumerable.Range(0, Count).Select(_ => new SeriesDetector()).ToArray();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        GC.KeepAlive(detectors);
        return bytes;
    }
}
