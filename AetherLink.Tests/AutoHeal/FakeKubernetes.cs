using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.AutoHeal;

/// <summary>The slice of Kubernetes' API that the healer uses: HTTPS by an authority of its own, a bearer token, deployments.</summary>
internal sealed class FakeKubernetes : IAsyncDisposable
{
    private const string Token = "a service account's token";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private int _generation = 1;
    private int _observed = 1;

    private FakeKubernetes(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public ConcurrentQueue<(string ContentType, JsonNode Body)> Patches { get; } = new();

    /// <summary>How many pods are wanted.</summary>
    public int Replicas { get; set; } = 2;

    /// <summary>How many of them are of the newest template.</summary>
    public int Updated { get; set; } = 2;

    /// <summary>What a restart gets instead of one.</summary>
    public IResult? Refusal { get; set; }

    /// <summary>Called when a deployment is restarted: its new pods are there when this has returned.</summary>
    public Action RolledOut { get; set; } = () => { };

    public static async Task<FakeKubernetes> StartAsync(string account)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        Directory.CreateDirectory(account);
        await File.WriteAllTextAsync(Path.Combine(account, "ca.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(account, "token"), Token + "\n");
        await File.WriteAllTextAsync(Path.Combine(account, "namespace"), "mesh");

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var cluster = new FakeKubernetes(app, certificate);
        app.Map("/apis/apps/v1/namespaces/mesh/deployments/{name}", cluster.DeploymentAsync);
        await app.StartAsync();
        return cluster;
    }

    public string Port => new Uri(_app.Urls.First()).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task<IResult> DeploymentAsync(HttpContext context, string name)
    {
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
            return Results.Json(new { kind = "Status", message = "Unauthorized" }, statusCode: 401);
        if (name != "web")
            return Results.Json(new { kind = "Status", message = $"deployments.apps \"{name}\" not found" }, statusCode: 404);
        if (context.Request.Method == "PATCH")
        {
            Patches.Enqueue((context.Request.ContentType!, (await JsonNode.ParseAsync(context.Request.Body))!));
            if (Refusal is not null)
                return Refusal;
            _generation++;
            RolledOut();
            return Results.Json(Deployment());
        }

        // The controller needs a moment: it has seen the new generation only when it is asked the second time.
        var answer = Results.Json(Deployment());
        _observed = _generation;
        return answer;
    }

    private object Deployment() => new
    {
        metadata = new { name = "web", generation = _generation },
        spec = new { replicas = Replicas },
        status = new { observedGeneration = _observed, replicas = Replicas, updatedReplicas = Math.Min(Updated, Replicas), availableReplicas = Replicas },
    };
}
