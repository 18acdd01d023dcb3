using AetherLink.ServiceDefaults;
using AetherLink.Web.Denials;
using AetherLink.Web.Forwarding;
using AetherLink.Web.Live;
using AetherLink.Web.Pages;
using AetherLink.Web.Sessions;
using AetherLink.Web.SigningIn;
using AetherLink.Web.Tools;

var builder = WebApplication.CreateBuilder(WebRoot.Options(args));
builder.AddServiceDefaults(defaults => defaults.SessionScheme = SessionCookie.Scheme);

builder.AddSessions();
builder.AddSigningIn();
builder.AddForwarding();
builder.AddLive();
builder.AddDenials();
builder.AddTools();
builder.AddPages();

var app = builder.Build();
app.UsePages();
app.MapDefaultEndpoints();
app.UseAntiForgery();
app.UseFreshSessions();

app.MapSessions();
app.MapSigningIn();
app.MapForwarding();
app.MapLive();
app.MapTools();
app.MapPages();

app.Run();
