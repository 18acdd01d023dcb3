namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>
/// RFC 9209: what stands between says in <c>Proxy-Status</c> what went wrong behind it, or at it: <c>Proxy-Status: edge; error=connection_timeout</c>.
/// </summary>
internal static class ProxyStatus
{
    private const string Parameter = "error=";

    public static Finding? Read(string? header)
    {
        if (header is null || header.IndexOf(Parameter, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var at))
        {
            return null;
        }
        var error = header.AsSpan(at + Parameter.Length);
        var end = error.IndexOfAny(';', ',', ' ');
        return (end < 0 ? error : error[..end]).Trim('"').ToString().ToLowerInvariant() switch
        {
            "dns_error" when header.Contains("NXDOMAIN", StringComparison.OrdinalIgnoreCase) => FailureCause.UnknownName,
            "dns_timeout" or "connection_timeout" or "connection_read_timeout" or "connection_write_timeout" or "http_response_timeout" => FailureCause.TimedOut,
            "destination_ip_prohibited" or "http_request_denied" => FailureCause.Blocked,
            "destination_not_found" or "proxy_loop_detected" => FailureCause.WrongAddress,
            "connection_limit_reached" => FailureCause.Overloaded,
            "tls_certificate_error" or "tls_protocol_error" or "tls_alert_received" => FailureCause.Certificate,
            "http_request_error" => FailureCause.BadRequest,
            "dns_error" or "destination_unavailable" or "destination_ip_unroutable" or "connection_refused" or "connection_terminated"
                or "http_response_incomplete" or "http_protocol_error" or "http_upgrade_failed" or "proxy_internal_error" or "proxy_internal_response"
                or "proxy_configuration_error" or "http_response_header_section_size" or "http_response_header_size" or "http_response_body_size"
                or "http_response_trailer_section_size" or "http_response_trailer_size" or "http_response_transfer_coding" or "http_response_content_coding"
                => FailureCause.EndpointDown,
            _ => null,
        };
    }
}
