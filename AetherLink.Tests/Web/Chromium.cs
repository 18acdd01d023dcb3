using Microsoft.Playwright;

namespace AetherLink.Tests.Web;

internal static class Chromium
{
    /// <summary>Debian's browser; as root it has no sandbox, and the rest keeps it from calling home.</summary>
    public static readonly BrowserTypeLaunchOptions Options = new()
    {
        ExecutablePath = "/usr/bin/chromium",
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
        ],
    };
}
