using System.Diagnostics;
using Microsoft.Playwright;

namespace AetherLink.LoadGenerator.Cases.Pages;

/// <param name="After">Since the recording began.</param>
/// <param name="Path">With its query.</param>
internal sealed record Question(TimeSpan After, string Path);

/// <param name="Seconds">From the navigation's beginning until the page was useful.</param>
/// <param name="Phases">What was there when meanwhile.</param>
internal sealed record FirstPaint(double Seconds, string Phases);

/// <summary>The machine's Chromium, with the overview open in it.</summary>
internal sealed class RealBrowser : IAsyncDisposable
{
    public const string Path = "/usr/bin/chromium";

    /// <summary>
    /// A page is useful once its sentence of state is more than that it is being asked for, and has been drawn; the application stands
    /// once its services have been.
    /// </summary>
    private const string WhenUseful = """
        () => {
          const note = (name) => requestAnimationFrame(() => { window[name] ??= performance.now(); });
          const look = () => {
            const sentence = document.querySelector('[data-testid=state-sentence]')?.textContent ?? '';
            const stands = document.querySelector('[data-testid=many-services]') !== null;
            if (/services/.test(sentence)) note('usefulMs');
            if (stands) note('standsMs');
            else requestAnimationFrame(look);
          };
          look();
        }
        """;

    /// <summary>Where the time went: what was there when, in milliseconds from the navigation's beginning.</summary>
    private const string Phases = """
        () => {
          const whole = (entry) => Math.round(entry?.responseEnd ?? 0);
          const file = (part) => whole(performance.getEntriesByType('resource').find((one) => one.name.includes(part)));
          return [
            `page ${whole(performance.getEntriesByType('navigation')[0])}`, `styles ${file('.css')}`, `script ${file('/assets/index-')}`,
            `session ${file('/api/session')}`, `health ${file('/ops/health')}`, `sentence ${Math.round(window.usefulMs)}`,
            `services ${Math.round(window.standsMs)}`,
          ].join(', ');
        }
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly Uri _address;
    private readonly IPage _page;

    private RealBrowser(IPlaywright playwright, IBrowser browser, Uri address, IPage page) => (_playwright, _browser, _address, _page) = (playwright, browser, address, page);

    public static bool IsThere => File.Exists(Path);

    public static async Task<RealBrowser> OpenAsync(Uri address)
    {
        var playwright = await Playwright.CreateAsync();
        // As root it has no sandbox; the rest keeps it from calling home.
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new() { BaseURL = address.AbsoluteUri, ViewportSize = new() { Width = 1440, Height = 900 } });
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync("/");
        await page.GetByTestId("sign-in-operator").ClickAsync();
        await page.GetByTestId("many-services").WaitForAsync();
        return new(playwright, browser, address, page);
    }

    /// <summary>The shortest first; each in a browser that has nothing of the page but who is signed in.</summary>
    public async Task<IReadOnlyList<FirstPaint>> FirstUsefulPaintsAsync(int loads)
    {
        var paints = new List<FirstPaint>();
        var state = await _page.Context.StorageStateAsync();
        for (var load = 0; load < loads; load++)
        {
            await using var context = await _browser.NewContextAsync(new() { BaseURL = _address.AbsoluteUri, StorageState = state, ViewportSize = new() { Width = 1440, Height = 900 } });
            var page = await context.NewPageAsync();
            page.SetDefaultTimeout(60_000);
            await page.AddInitScriptAsync($"({WhenUseful})()");
            await page.GotoAsync("/");
            await page.WaitForFunctionAsync("() => window.usefulMs !== undefined && window.standsMs !== undefined");
            paints.Add(new(await page.EvaluateAsync<double>("() => window.usefulMs") / 1_000, await page.EvaluateAsync<string>(Phases)));
        }
        return [.. paints.OrderBy(paint => paint.Seconds)];
    }

    /// <summary>What the page asks by itself while somebody looks at it.</summary>
    public async Task<IReadOnlyList<Question>> RecordAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var (asked, started) = (new List<Question>(), Stopwatch.GetTimestamp());
        void Note(object? sender, IRequest request)
        {
            var url = new Uri(request.Url);
            if (request.Method == "GET" && url.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) && !url.AbsolutePath.EndsWith("/stream", StringComparison.Ordinal))
            {
                lock (asked)
                {
                    asked.Add(new(Stopwatch.GetElapsedTime(started), url.PathAndQuery));
                }
            }
        }
        _page.Request += Note;
        await Task.Delay(duration, cancellationToken);
        _page.Request -= Note;
        lock (asked)
        {
            return [.. asked];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
