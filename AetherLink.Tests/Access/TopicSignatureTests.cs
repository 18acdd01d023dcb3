using System.Text;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Access;

public sealed class TopicSignatureTests
{
    private const string NextKey = "another key for tests, of thirty-two bytes";
    private static readonly byte[] Value = Encoding.UTF8.GetBytes("""{"tenant_id":"acme"}""");
    private static readonly TopicSignature Signature = new(ToyApp.MeshKey, null);

    [Fact]
    public void Signed_record_is_believed_whatever_else_is_put_beside_it()
    {
        var headers = Signed();
        headers["traceparent"] = "00-x";

        Assert.Null(Signature.Fault("t", "acme", Value, headers));
    }

    [Theory]
    [InlineData("t", "acme", "type", "ai.call", """{"tenant_id":"globex"}""")]
    [InlineData("t", "globex", "type", "x", """{"tenant_id":"acme"}""")]
    [InlineData("u", "acme", "type", "x", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "type", "y", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "origin", "command-center", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "content-type", "application/cloudevents+json", """{"tenant_id":"acme"}""")]
    [InlineData("t", null, "type", "x", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "signature", "v1=AAAA", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "signature", "", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "signature", "v1=", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "signature", "v1=!", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "signature", "v1=not base64 at all, and é", """{"tenant_id":"acme"}""")]
    [InlineData("t", "acme", "signature", "v1=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", """{"tenant_id":"acme"}""")]
    public void Changed_record_is_not_believed(string topic, string? key, string header, string text, string value)
    {
        var headers = Signed();
        headers[header] = text;

        Assert.NotNull(Signature.Fault(topic, key, Encoding.UTF8.GetBytes(value), headers));
    }

    [Fact]
    public void Unsigned_record_is_not_believed() => Assert.Equal(
        "It is not signed.", Signature.Fault("t", "acme", Value, new Dictionary<string, string> { ["type"] = "x" }));

    [Fact]
    public void Previous_key_is_believed_while_the_key_is_being_changed_and_not_afterwards()
    {
        Assert.Null(new TopicSignature(NextKey, ToyApp.MeshKey).Fault("t", "acme", Value, Signed()));
        Assert.NotNull(new TopicSignature(NextKey, null).Fault("t", "acme", Value, Signed()));
    }

    private static Dictionary<string, string> Signed()
    {
        var headers = new Dictionary<string, string> { ["type"] = "x", ["origin"] = "auto-heal" };
        headers[TopicSignature.Header] = Signature.Sign("t", "acme", Value, headers);
        return headers;
    }
}
