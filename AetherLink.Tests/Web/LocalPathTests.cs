using AetherLink.Web.SigningIn;

namespace AetherLink.Tests.Web;

public sealed class LocalPathTests
{
    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\r\nLocation: https://evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/api/session/sign-out")]
    [InlineData("/é")]
    [InlineData("")]
    [InlineData(null)]
    public void Way_back_that_leads_elsewhere_leads_to_the_overview(string? to) => Assert.Equal("/", LocalPath.Of(to));

    [Theory]
    [InlineData("/")]
    [InlineData("/events?severity=error&text=a%20b#top")]
    [InlineData("/events?to=https://evil.example")]
    public void Way_back_to_a_page_of_ours_is_kept(string to) => Assert.Equal(to, LocalPath.Of(to));
}
