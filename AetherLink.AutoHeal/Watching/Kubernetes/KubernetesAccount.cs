using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AetherLink.AutoHeal.Watching.Kubernetes;

/// <summary>The service account that Kubernetes gives a pod: a token, the API server's authority, and the namespace.</summary>
internal sealed class KubernetesAccount
{
    private const string Mounted = "/var/run/secrets/kubernetes.io/serviceaccount";

    private readonly string _folder;

    private KubernetesAccount(string folder, Uri server) => (_folder, Server) = (folder, server);

    public Uri Server { get; }

    public string Namespace => File.ReadAllText(Path.Combine(_folder, "namespace")).Trim();

    /// <summary>Read each time: the kubelet replaces it before it expires.</summary>
    public string Token => File.ReadAllText(Path.Combine(_folder, "token")).Trim();

    /// <returns>Null outside of a cluster.</returns>
    public static KubernetesAccount? Find(IConfiguration configuration)
    {
        var folder = configuration["AUTOHEAL_KUBERNETES_ACCOUNT"] is { Length: > 0 } given ? given : Mounted;
        return configuration["KUBERNETES_SERVICE_HOST"] is { Length: > 0 } host && File.Exists(Path.Combine(folder, "token"))
            ? new KubernetesAccount(folder, new UriBuilder("https", host, configuration.GetValue("KUBERNETES_SERVICE_PORT", 443)).Uri)
            : null;
    }

    /// <summary>Trusts the cluster's own authority, and no other.</summary>
    public HttpMessageHandler Handler()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(_folder, "ca.crt"));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
    }
}
