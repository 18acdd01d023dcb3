using System.Globalization;
using AetherLink.Benchmarks;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// FOLDER [--quick]: each core as a line of name, time and bytes, for the bench's one table.
var quick = args.Contains("--quick");
var job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance) // nothing is built while it runs
    .WithWarmupCount(quick ? 2 : 4)
    .WithIterationCount(quick ? 3 : 8)
    .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(quick ? 100 : 250));
var config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddLogger(NullLogger.Instance)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine(args.ElementAtOrDefault(0) ?? Path.GetTempPath(), "benchmarks"))
    .WithOptions(ConfigOptions.DisableLogFile);

var failed = false;
foreach (var report in BenchmarkRunner.Run<Cores>(config).Reports)
{
    if (report.ResultStatistics is not { } times)
    {
        failed = true;
        continue;
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"core\t{report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')}\t{times.Median / 1000:0.00} us\t"
        + $"{report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)} B"));
}
return failed ? 1 : 0;
