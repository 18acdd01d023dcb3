using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.Mesh;
using Aspire.Hosting.Testing;
using Xunit.Abstractions;

namespace AetherLink.Tests.Fuzzing;

/// <summary>
/// Every operation of every document, asked rightly, nearly rightly and with malice. <c>AETHERLINK_FUZZ_SEED</c> repeats a
/// run, and <c>AETHERLINK_FUZZ_REQUEST</c> one request of it.
/// </summary>
[Collection(SharedMesh.Name)]
public sealed class ContractFuzzTests(MeshFixture mesh, ITestOutputHelper output)
{
    /// <summary>The plain run is the same every day; each soak goes where none has been.</summary>
    private const int EverydaySeed = 20_261_121;

    /// <summary>At once. More would only wait in line for two cores.</summary>
    private const int Callers = 8;

    /// <summary>An answer that takes longer hangs: the slowest here reads 8 MB while seven others work.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly string[] Assemblies =
        ["AetherLink.CommandCenter", "AetherLink.Orchestrator", "AetherLink.AutoHeal", "AetherLink.Web"];

    private readonly ConcurrentQueue<(string Kind, string Text)> _faults = new();
    private readonly ConcurrentDictionary<string, int> _statuses = new();

    [Fact]
    public async Task Every_endpoint_answers_as_the_contract_says_whatever_it_is_asked()
    {
        var seed = Setting("AETHERLINK_FUZZ_SEED") ?? (Soak.IsOn ? Random.Shared.Next() : EverydaySeed);
        var only = Setting("AETHERLINK_FUZZ_REQUEST");
        var operations = await OperationsAsync();
        var given = (await SharedState.SignInAsync(mesh)).Concat(await Planted.PlantAsync(mesh)).ToDictionary(StringComparer.Ordinal);
        var processes = Processes();
        var started = TimeProvider.System.GetUtcNow();
        await using var log = new ErrorLog(mesh.Application.Services, MeshFixture.Services, started);

        var requests = new RequestMaker(seed, operations, started);
        var judge = new Judge(operations);
        var numbers = only is { } one ? [one] : Enumerable.Range(0, Soak.Rounds(sample: 2_000, soak: 100_000));
        Say($"Fuzzing {operations.Count} operations; AETHERLINK_FUZZ_SEED={seed}. Not asked for: a restart of anything that runs, for the sake of the mesh's other users.");
        var watch = Stopwatch.StartNew();
        try
        {
            await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (number, _) =>
                await AskAsync(requests.Make(number), judge, given));
        }
        finally
        {
            await SharedState.CleanAsync(mesh);
        }

        Say(string.Create(CultureInfo.InvariantCulture, $"{numbers.Count()} requests in {watch.Elapsed.TotalSeconds:0} s: ")
            + string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} x {status.Key}")));
        await CheckHealthAsync();
        Assert.Equal(processes, Processes());
        // The healer's and the gateway's requests are logged too: a log without lines is one that is not read.
        await Eventually.True(() => MeshFixture.Services.All(service => only is not null || log.Lines(service) > 0), TimeSpan.FromSeconds(10), "the log is seen");
        foreach (var error in log.Errors)
        {
            _faults.Enqueue(("logged as an error", error));
        }

        var kinds = _faults.GroupBy(fault => fault.Kind).OrderByDescending(kind => kind.Count()).ToList();
        Assert.True(kinds.Count == 0, $"AETHERLINK_FUZZ_SEED={seed}: {_faults.Count} faults of {kinds.Count} kinds.\n\n"
            + string.Join("\n\n", kinds.Select(kind => $"{kind.Count()} x {kind.Key}\n{string.Join('\n', kind.Take(2).Select(fault => fault.Text))}")));
    }

    private async Task AskAsync(FuzzRequest request, Judge judge, IReadOnlyDictionary<string, string> given)
    {
        var address = mesh.Application.GetEndpoint(request.Operation.Service, "http");
        var answer = await RawHttp.SendAsync(address, request.Wire(address.Authority, given), request.Method == "HEAD", request.IsCutOff, Deadline);
        _statuses.AddOrUpdate(answer.Status.ToString(CultureInfo.InvariantCulture), 1, (_, count) => count + 1);
        if (judge.Fault(request, answer) is not { } fault)
        {
            return;
        }

        var shown = fault.Length > 600 ? fault[..600] + "…" : fault;
        _faults.Enqueue((
            $"{request.Operation}: {(fault.Length > 50 ? fault[..50] : fault)}",
            $"  AETHERLINK_FUZZ_REQUEST={request.Number}{(request.Malformed is null ? "" : $" ({request.Malformed})")}\n  {request.Curl(address.Authority)}\n  {shown}"));
    }

    private async Task<List<Operation>> OperationsAsync()
    {
        var operations = new List<Operation>();
        foreach (var service in MeshFixture.Services)
        {
            using var client = mesh.Client(service);
            operations.AddRange(Operation.Of(service, (await client.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!));
        }

        operations.AddRange(Operation.Forwarded(operations).ToList());
        return [.. operations.OrderBy(operation => operation.ToString(), StringComparer.Ordinal)];
    }

    private async Task CheckHealthAsync()
    {
        foreach (var service in MeshFixture.Services)
        {
            using var client = mesh.Client(service);
            foreach (var path in (string[])["/alive", "/health"])
            {
                using var answer = await client.GetAsync(path);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{service}{path} after the run: {answer.StatusCode}");
            }
        }
    }

    private int[] Processes() => [.. Assemblies.Select(assembly => mesh.ProcessOf(assembly).Id)];

    // On the console too: a test's own output is shown only when it fails.
    private void Say(string text)
    {
        output.WriteLine(text);
        Console.WriteLine(text);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
