using System.Diagnostics.CodeAnalysis;
using AetherLink.LoadGenerator.Cases;
using AetherLink.LoadGenerator.Cases.Lists;
using AetherLink.LoadGenerator.Cases.Pages;

namespace AetherLink.LoadGenerator;

/// <summary>The command line: <c>ROOT [--quick] [--profile] [--env=NAME=VALUE...] [CASE...]</c>.</summary>
internal sealed record Arguments(
    string Root, bool Quick, bool Profile, IReadOnlyDictionary<string, string> ServiceEnvironment, IReadOnlyList<ICase> Cases)
{
    private const string EnvironmentOption = "--env=";

    private static readonly ICase[] All =
        [new OneByOneCase(), new BatchedCase(), new QueryCase(), new FanOutCase(), new AlertsCase(), new DeliveriesCase(),
            new ObservingCase(), new OverheadCase(), new AuditedCase(), new ProbingCase(), new HealingCase(), new OverviewCase(), new CoresCase()];

    public static bool TryParse(
        string[] args, [NotNullWhen(true)] out Arguments? arguments, [NotNullWhen(false)] out string? fault)
    {
        (arguments, fault) = (null, null);
        var named = args.Skip(1).Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToList();
        var given = args.Skip(1).Where(arg => arg.StartsWith(EnvironmentOption, StringComparison.Ordinal)).ToList();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var arg in given)
        {
            if (arg[EnvironmentOption.Length..].Split('=', 2) is [{ Length: > 0 } name, var value]) environment[name] = value;
        }
        var wrong = args.Skip(1).Except(["--quick", "--profile", .. environment.Select(one => $"{EnvironmentOption}{one.Key}={one.Value}")])
            .Except(All.Select(one => one.Name)).ToList();
        if (args.Length == 0 || !Directory.Exists(args[0]) || wrong.Count > 0)
        {
            fault = $"bench: '{string.Join(' ', wrong)}' is no case; known: [--quick] [--profile] [--env=NAME=VALUE...] {string.Join(' ', All.Select(one => one.Name))}";
            return false;
        }
        arguments = new(
            Path.GetFullPath(args[0]), args.Contains("--quick"), args.Contains("--profile"), environment,
            named.Count == 0 ? InAll(args.Contains("--quick")) : [.. All.Where(one => named.Contains(one.Name))]);
        return true;
    }

    // The cores promise nothing, and take a fifth of a quick run: there they are measured when they are asked for.
    private static ICase[] InAll(bool quick) => quick ? [.. All.Where(one => one is not CoresCase)] : All;

    public Bench Bench(string folder) =>
        new(Root, folder, Quick) { ServiceEnvironment = ServiceEnvironment, Explain = Profile ? Console.Error.WriteLine : static _ => { }, IsProfiled = Profile };
}
