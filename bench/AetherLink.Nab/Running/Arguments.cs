using System.Diagnostics.CodeAnalysis;

namespace AetherLink.Nab.Running;

/// <summary>The command line: <c>--data DIR [--out DIR]</c>.</summary>
internal static class Arguments
{
    public static bool TryParse(string[] args, [NotNullWhen(true)] out string? data, [NotNullWhen(true)] out string? results)
    {
        (data, results) = (null, null);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            switch (args[i])
            {
                case "--data":
                    data = Path.GetFullPath(args[i + 1]);
                    break;
                case "--out":
                    results = Path.GetFullPath(args[i + 1]);
                    break;
                default:
                    return false;
            }
        }
        results ??= Path.Combine(Path.GetTempPath(), $"aether-nab-{DateTime.UtcNow:yyyyMMdd-HHmmss}");
        return args.Length % 2 == 0 && Directory.Exists(data);
    }
}
