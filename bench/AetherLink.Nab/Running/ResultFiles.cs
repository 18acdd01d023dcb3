using System.Globalization;

namespace AetherLink.Nab.Running;

/// <summary>One CSV for each file, under the same name: timestamp, value, anomaly_score, detected.</summary>
internal static class ResultFiles
{
    public static void Write(string folder, DetectorRun run)
    {
        foreach (var (series, said) in run.Files)
        {
            var path = Path.Combine(folder, series.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new StreamWriter(path);
            file.WriteLine("timestamp,value,anomaly_score,detected");
            for (var i = 0; i < said.Length; i++)
            {
                file.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{series.Times[i]:yyyy-MM-dd HH:mm:ss},{series.Values[i]:R},{said[i].Likelihood:0.######},{(said[i].IsDetected ? 1 : 0)}"));
            }
        }
    }
}
