using System.Diagnostics;

namespace AetherLink.Tests.Mesh;

/// <summary>
/// The running mesh's own gateway once more, as a process beside it, and with the mesh's issuer: there people sign in at that one, and not
/// by the sign-in of Development.
/// </summary>
internal sealed class SecondGateway : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private SecondGateway(Process process, DirectoryInfo folder, Uri address)
    {
        (_process, _folder) = (process, folder);
        Client = Open(address);
        Operator = Open(address);
        Operator.DefaultRequestHeaders.Add("X-User-Roles", "operator");
    }

    /// <summary>Nobody in particular.</summary>
    public HttpClient Client { get; }

    public HttpClient Operator { get; }

    public static async Task<SecondGateway> StartAsync(MeshFixture mesh)
    {
        var folder = Directory.CreateTempSubdirectory("aetherlink-second-gateway-");
        using var first = mesh.ProcessOf("AetherLink.Web");
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var line = (await File.ReadAllTextAsync($"/proc/{first.Id}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = new FileInfo($"/proc/{first.Id}/cwd").LinkTarget,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in MeshProcesses.EnvironmentOf(first))
        {
            start.Environment[name] = value;
        }
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["DATA_DIR"] = folder.FullName;
        start.Environment["Authentication__Authority"] = mesh.Issuer.Url;
        var process = Process.Start(start)!;
        // Nobody reads it; a full pipe would hold it up.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var gateway = new SecondGateway(process, folder, address);
        try
        {
            await Eventually.True(gateway.AnswersAsync, TimeSpan.FromSeconds(60), "the second gateway answers");
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Operator.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        // The mesh has one gateway again before anybody looks for it.
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri("/health", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static HttpClient Open(Uri address) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };
}
