using AetherLink.AutoHeal;
using AetherLink.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(options =>
{
    options.Name = "auto-heal";
    options.AuditStatsPolicy = Policies.ReadHeals;
    options.MapHealth = false;
});
builder.AddHistory();
builder.AddHealing();
builder.AddWatching();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapAutoHealing();
app.Run();
