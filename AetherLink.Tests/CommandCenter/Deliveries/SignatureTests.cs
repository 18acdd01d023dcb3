using System.Text;
using AetherLink.CommandCenter.Deliveries.Signing;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class SignatureTests
{
    // The vector that the libraries of Standard Webhooks test themselves with.
    private const string Vector = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Content = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void Signature_is_the_published_one() => Assert.Equal(Expected, Signature.Sign(Id, At, Content, Secret(Vector)));

    [Fact]
    public void Both_secrets_sign_while_one_is_rotated()
    {
        var other = SigningSecret.Make();

        var signature = Signature.Sign(Id, At, Content, Secret(Vector), other);

        Assert.Equal($"{Expected} {Signature.Sign(Id, At, Content, other)}", signature);
    }

    [Theory]
    [InlineData("msg_other", 0, "")]
    [InlineData(Id, 1, "")]
    [InlineData(Id, 0, " ")]
    public void Signature_is_another_when_any_part_is(string id, int seconds, string more) =>
        Assert.NotEqual(Expected, Signature.Sign(id, At.AddSeconds(seconds), [.. Content, .. Encoding.UTF8.GetBytes(more)], Secret(Vector)));

    [Fact]
    public void Secret_comes_back_as_it_was_made_and_never_prints_itself() => Prop.ForAll<int>(_ =>
    {
        var secret = SigningSecret.Make();
        return SigningSecret.TryParse(secret.Reveal(), out var parsed) && parsed.Key.SequenceEqual(secret.Key)
            && $"{secret}" == "whsec_***";
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_short")]
    [InlineData("whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Secret_is_refused_when(string? text) => Assert.False(SigningSecret.TryParse(text, out _));

    private static SigningSecret Secret(string text) => SigningSecret.TryParse(text, out var secret) ? secret : throw new ArgumentException(text);
}
