using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Kafka;

/// <summary>A broker is healthy when it answers the protocol's first question: which versions it speaks.</summary>
internal sealed class BrokerHealthCheck(KafkaServerResource kafka) : IHealthCheck
{
    // ApiVersions (key 18) version 0, correlation id 1, no client id: 10 bytes after the length.
    private static readonly byte[] ApiVersions = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF];

    // A broker on this machine answers within milliseconds; a busy machine may take a while.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(kafka.PrimaryEndpoint.Host, kafka.PrimaryEndpoint.Port, limit.Token).ConfigureAwait(false);
            var stream = client.GetStream();
            await stream.WriteAsync(ApiVersions, limit.Token).ConfigureAwait(false);
            var answer = new byte[10];
            await stream.ReadExactlyAsync(answer, limit.Token).ConfigureAwait(false);
            var error = BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(8));
            return error == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"the broker answered error {error}");
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return HealthCheckResult.Unhealthy(exception.Message, exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"the broker did not answer within {Timeout.TotalSeconds} s");
        }
    }
}
