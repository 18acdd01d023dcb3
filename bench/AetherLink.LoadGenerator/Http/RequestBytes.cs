using System.Net;
using System.Text;

namespace AetherLink.LoadGenerator.Http;

/// <summary>Requests made before they are sent, so that making them costs nothing while it is measured.</summary>
internal static class RequestBytes
{
    public const string Operator = "X-User-Roles: operator\r\nX-User-Name: bench\r\n";
    public const string Admin = "X-User-Roles: admin\r\nX-User-Name: bench\r\n";

    public static byte[] Get(IPEndPoint server, string path, string accept = "application/json", string caller = Operator) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {server}\r\nAccept: {accept}\r\n{caller}\r\n");

    /// <summary>An operator who sees one tenant only.</summary>
    public static string OperatorOf(string tenant) => $"{Operator}X-Tenant-ID: {tenant}\r\n";

    public static byte[] Post(IPEndPoint server, string path, string body, string contentType = "application/json", string headers = "")
    {
        var content = Encoding.UTF8.GetBytes(body);
        var head = $"POST {path} HTTP/1.1\r\nHost: {server}\r\nX-User-Roles: operator\r\nX-User-Name: bench\r\n"
            + $"{headers}Content-Type: {contentType}\r\nContent-Length: {content.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. content];
    }
}
