using System.Text;

namespace AetherLink.Tests.Fuzzing;

/// <summary>What has broken servers before.</summary>
internal static class Pools
{
    /// <summary>JSON values, as text: of every type, at the edges of what a type holds, and beyond.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "0", "-1", "1", "-0", "1.5", "0.1e1", "2147483647", "2147483648", "-9223372036854775809",
        "1e200000", "-1e400", "1e-400", "123456789012345678901234567890.123456789", "9007199254740993",
        "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"\\uffff\"", "\"\\u0007\\n\\t\"",
        "\"\\u202e\"", "\"'; drop table events; --\"", "\"%_\\\\\"", "\"${jndi:ldap://x}\"", "\"<script>\"", "\"{0}{1}\"", "\"../../etc/passwd\"",
        "\"2026-02-30T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00Z\"",
        "\"2026-01-01\"", "\"12:00\"", "\"http://[\"", "\"http://127.0.0.1:99999/\"", "\"javascript:alert(1)\"", "\"http://x\\u0000y/\"",
        "\"http://u:p@127.0.0.1:9/?q#f\"", "\"http://\\ud800/\"", "\"NaN\"", "\"default\"", "\"*\"", "\"\\u0130\"",
        "[]", "{}", "[null]", "[[]]", "{\"\":null}", "{\"a\":1,\"a\":2}", "[\"x\",1,null,{}]", "{\"\\u0000\":1}", "{\"\\ud800\":1}",
    ];

    /// <summary>Texts that are no JSON at all, or only by leniency.</summary>
    public static readonly string[] NoJson =
    [
        "", " ", "\n\n", "NaN", "Infinity", "undefined", "'a'", "{'a':1}", "{a:1}", "{\"a\":1,}", "[1,]", "{\"a\":1}}", "{}{}", "/* c */ {}",
        "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1e}", "\"", "\"\\x\"", "\"\\u12\"", "{\"a\"}", "[", "]", "{", "}", "nul", "tru", "--",
        "event_type=lead.created&source=x", "<event/>", "%PDF-1.4", "\u0001",
    ];

    /// <summary>One segment of a path, percent-encoded where it must be.</summary>
    public static readonly string[] Segments =
    [
        "fuzz-none", "a", "0", "-1", "null", "default", "lead.created", "x.y.z", "*", "+", "~", "{id}", "$where", "a;b=c", "a,b", "a:b", "a@b", "a%20b",
        "%20", "%25", "%2f", "..%2f..%2fetc", "%2e%2e%2e", "%5c", "%zz", "%", "%f", "%ff%fe", "%ed%a0%80", "%c0%ae", "%f0%9f%92%a9", "%e2%80%ae",
        "%0a", "a%0d%0ab", "%09", "%7f", "%01", "%27%3b--", "%22", "%3cscript%3e", "%uD800", "%C4%B0", "%EF%BF%BF",
    ];

    /// <summary>A value of a query, encoded as it goes out.</summary>
    public static readonly string[] QueryValues =
    [
        "", "0", "-1", "1", "2", "500", "501", "8784", "8785", "2147483647", "2147483648", "-2147483648", "99999999999999999999", "1e3", "1.0", "0x10",
        "%D9%A3", "%2B1", "+1", "%201", "true", "TRUE", "null", "NaN", "many", "%00", "a%00b", "%ff", "%ed%a0%80", "%zz", "%", "%25", "%uD800",
        "a%0ab", "%09", "%F0%9F%92%A9", "%27%20or%201=1--", "%25%25%25", "%5c", "%5f", "a,b,,c", ",", "lead.created,no.such", "error,loud",
        "2026-01-01", "2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59.9999999-14:00",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01", "9999-12-31", "yesterday", "AQAAAAAAAAAB", "AX__________", "AYAAAAAAAAAA",
        "AgAAAAAAAAAB", "AQAAAAAAAAA=", "AQAAAAAAAAAA", "====", "[]", "{}", "a[b]=c", "http://[", "..%2f..", "%EF%BF%BF", "default", "*",
    ];

    public static readonly string[] LastEventIds =
        ["0", "1", "-1", "9223372036854775807", "9223372036854775808", "1.0", " 1", "1,2", "0x1", "not-a-number", "+1", "1e3", "", "00000000000000000001"];

    public static readonly string[] ContentTypes =
    [
        "text/xml", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "garbage", ";;;",
        "application/", "/json", "application/json; charset=utf-16", "application/json; charset=bogus", "application/json; charset=",
        "application/json; charset=utf-8; charset=utf-16", "APPLICATION/JSON", "application/json;", "application/json, text/xml",
        "application/problem+json", "application/vnd.x+json", "text/json", "application/x-ndjson", "application/cloudevents+json",
        "application/cloudevents-batch+json", "application/json; charset=utf-7", "application/json; charset=iso-8859-1", "*/*", "",
    ];

    /// <summary>Headers that an endpoint does not ask for.</summary>
    public static readonly (string Name, string Value)[] Headers =
    [
        ("Accept", "text/html"), ("Accept", "*/*;q=0"), ("Accept", ";;;"), ("Accept", "application/xml"), ("Accept", ""),
        ("Accept-Encoding", "gzip, br"), ("Accept-Language", "xx-yy-zz;q=9"), ("Content-Encoding", "gzip"), ("Content-Encoding", "bogus"),
        ("Expect", "100-continue"), ("Host", "evil.example"), ("Host", "[::1]:80"), ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-For", "1.2.3.4"),
        ("X-Forwarded-Host", "evil.example"), ("X-Original-URL", "/events/retention"), ("Cookie", "aetherlink.session=garbage"),
        ("Cookie", "aetherlink.session=chunks-99999; aetherlink.csrf=x"), ("Cookie", "aetherlink.session=chunks-2; aetherlink.sessionC1=CfDJ8A"),
        ("Cookie", "=;=;;="), ("X-CSRF-Token", "garbage"), ("X-Mesh-Token", "garbage"), ("X-Mesh-Token", "a.b.c"),
        ("traceparent", "00-0-0-00"), ("traceparent", "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff"), ("tracestate", "=,=,"),
        ("baggage", "a=b;c=d,,=%zz"), ("Range", "bytes=0-1"), ("Range", "bytes=-"), ("If-None-Match", "*"), ("If-Match", "\"x\""),
        ("If-Modified-Since", "yesterday"), ("Upgrade", "websocket"), ("Connection", "upgrade"), ("Connection", "close, x"), ("Idempotency-Key", "x"),
        ("Origin", "null"), ("Origin", "http://evil.example"), ("Referer", "%zz"), ("User-Agent", ""), ("User-Agent", "aetherlink-probe"),
        ("X-User-Name", "${jndi:ldap://x}"), ("X-User-Name", Utf8("Zoë 💩")), ("X-User-Name", new('n', 4_000)), ("X-User-Name", ""),
        ("X-Tenant-ID", "default"), ("X-Tenant-ID", "'; --"), ("X-Tenant-ID", Utf8("tenänt")), ("X-Tenant-ID", new('t', 4_000)), ("X-Tenant-ID", "*"),
    ];

    /// <summary>Values that no header may have: the server may refuse them before the application sees them.</summary>
    public static readonly string[] BadHeaderValues = ["\u00ff\u00fe", "a\0b", "\u00c0\u00ae", "\u007f\u0001", "\u00ed\u00a0\u0080"];

    public static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW", "PROPFIND"];

    /// <summary>Credentials that grant nothing.</summary>
    public static readonly (string Name, string Value)[] NoCredentials =
    [
        ("X-User-Roles", ""), ("X-User-Roles", ","), ("X-User-Roles", "root"), ("X-User-Roles", "[]"), ("X-User-Roles", "[\"root\"]"),
        ("X-User-Roles", "service"), ("X-User-Roles", "["), ("X-User-Roles", "[1]"), ("X-User-Roles", "[null]"), ("X-User-Roles", "[[\"admin\"]]"),
        ("X-User-Roles", "[\"admin\""), ("X-User-Roles", "{\"admin\":1}"), ("X-User-Roles", "\"admin\""), ("X-User-Roles", "admin;operator"),
        ("X-User-Roles", Utf8("ａｄｍｉｎ")), ("X-User-Roles", "adm\\u0069n"), ("X-User-Roles", "[\"\\ud800\"]"), ("X-User-Roles", new('[', 2_000)),
        ("Authorization", ""), ("Authorization", "Bearer"), ("Authorization", "Bearer "), ("Authorization", "Bearer garbage"),
        ("Authorization", "Bearer a.b.c"), ("Authorization", "Bearer .."), ("Authorization", "Bearer a.b.c.d.e"), ("Authorization", "bearer %zz"),
        // {"alg":"none"} and {"alg":"HS256"}, both {"role":"admin","aud":"command-center","exp":9999999999}: unsigned, and signed by nobody.
        ("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4iLCJhdWQiOiJjb21tYW5kLWNlbnRlciIsImV4cCI6OTk5OTk5OTk5OX0."),
        ("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYWRtaW4iLCJhdWQiOiJjb21tYW5kLWNlbnRlciIsImV4cCI6OTk5OTk5OTk5OX0.AAAA"),
        ("Authorization", "Bearer " + new string('A', 8_000)), ("Authorization", "Basic YWRtaW46YWRtaW4="), ("Authorization", "Basic %%%"),
        ("Authorization", "Negotiate"), ("Authorization", Utf8("Bearer ünïcode")),
    ];

    /// <summary>A text as the bytes of a header, one in each character.</summary>
    private static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
