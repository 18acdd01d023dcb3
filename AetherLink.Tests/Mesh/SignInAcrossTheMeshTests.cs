using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.Access;
using AetherLink.Tests.Identity;
using AetherLink.Tests.Web;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AetherLink.Tests.Mesh;

/// <summary>A mesh whose people sign in at the real OpenID provider, as a deployer would name it to the AppHost.</summary>
public sealed class IssuerMesh : MeshFixture, IDisposable
{
    public OidcProvider Provider { get; } = new();

    protected override IEnumerable<(string Name, string Value)> Parameters =>
        [("oidc-authority", Provider.Issuer), ("oidc-client-secret", OidcProvider.ClientSecret)];

    /// <summary>By the test, where it runs at all: a fixture would start a mesh for a test that is skipped.</summary>
    public async Task StartAsync()
    {
        await Provider.InitializeAsync();
        await base.InitializeAsync();
        var web = Application.GetEndpoint("web", "http");
        await Provider.SetClientAsync(new
        {
            client_id = OidcProvider.ClientId,
            redirect_uris = new[] { new Uri(web, IssuerGateway.Callback) },
            post_logout_redirect_uris = new[] { new Uri(web, "/sign-in") },
        });
    }

    public override Task InitializeAsync() => Task.CompletedTask;

    protected override Task ChangeAsync(IDistributedApplicationTestingBuilder builder) => Task.CompletedTask;

    public void Dispose() => Provider.Dispose();

    protected override void Stopped() => Provider.DisposeAsync().GetAwaiter().GetResult();
}

public sealed class SignInAcrossTheMeshTests(IssuerMesh mesh) : IClassFixture<IssuerMesh>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [SoakFact("a mesh of its own, with an issuer, takes half a minute to start; SignInTests have the gateway's side in every run")]
    public async Task Person_signs_in_sees_the_events_of_their_tenant_and_is_who_the_Command_Center_hears()
    {
        await mesh.StartAsync();
        foreach (var service in MeshFixture.Services)
        {
            Assert.Empty(await RunningAccess.DifferencesAsync(mesh, service, RunningAccess.InDevelopment(AccessMatrix.Of(service))));
        }
        foreach (var tenant in (string[])["acme", "globex"])
        {
            using var service = mesh.Client("command-center", "operator", tenant);
            using var published = await service.PostAsJsonAsync("/events/publish", Lead($"crm-{tenant}"));
            published.EnsureSuccessStatusCode();
        }
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium.Options);
        var page = await browser.NewPageAsync(new() { BaseURL = mesh.Application.GetEndpoint("web", "http").ToString() });
        page.SetDefaultTimeout(20_000);
        SetDefaultExpectTimeout(20_000);

        await page.GotoAsync("/");
        await page.GetByTestId("sign-in-issuer").ClickAsync();
        await page.Locator("input[name=login]").FillAsync("operator@acme");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        await Expect(page.GetByTestId("user-menu")).ToContainTextAsync("acme");
        await Expect(page.GetByTestId("event-row").Filter(new() { HasText = "crm-acme" }).First).ToBeVisibleAsync();
        await Expect(page.GetByTestId("event-row").Filter(new() { HasText = "crm-globex" })).ToHaveCountAsync(0);

        // Live, and by the person's own token all the way.
        await page.EvaluateAsync(
            """
            async body => {
              const session = await (await fetch('/api/session')).json();
              const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token };
              const answer = await fetch('/api/command-center/events/publish', { method: 'POST', headers, body });
              if (!answer.ok) throw new Error(await answer.text());
            }
            """,
            JsonSerializer.Serialize(Lead("by-the-person")));
        await Expect(page.GetByTestId("event-row").Filter(new() { HasText = "by-the-person" }).First).ToBeVisibleAsync();

        var tokens = await mesh.Provider.SignInAsync("operator@acme");
        using var center = mesh.Client("command-center");
        center.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        var stored = (await center.GetFromJsonAsync<JsonObject>("/events/recent?source=by-the-person"))!["events"]!.AsArray().Single()!;
        Assert.Equal(("acme", "operator@acme"), ((string?)stored["tenant_id"], (string?)stored["publisher"]));
        await Eventually.True(
            () => mesh.Logs.Has("command-center", "POST /events/publish 200", "\"user\":\"operator@acme\"", "\"tenant_id\":\"acme\""), Soon, "the Command Center's line names the person");
    }

    private static object Lead(string source) => new { event_type = "lead.created", source, payload = new { lead_id = "1" } };
}
