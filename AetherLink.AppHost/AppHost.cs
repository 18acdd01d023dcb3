using AetherLink.AppHost;
using AetherLink.AppHost.Resources;

var builder = DistributedApplication.CreateBuilder(args);

// Secrets: generated once and kept, or given as Parameters:<name>.
var meshKey = builder.AddGeneratedSecret("mesh-key");
var grafanaPassword = builder.AddGeneratedSecret("grafana-admin-password");
var anthropicKey = builder.AddOptionalSecret("anthropic-api-key");
var openAiKey = builder.AddOptionalSecret("openai-api-key");

// Infrastructure.
var postgres = builder.AddPostgres("postgres").WithKeptData();
var database = postgres.AddDatabase("aetherlink");
var kafka = builder.AddKafka("kafka");

// Watching the watchers: an operator's own tools, which the mesh does not need in order to run.
var prometheus = builder.AddPrometheus("prometheus");
var grafana = builder.AddGrafana("grafana", grafanaPassword, prometheus);

// Who people are: a Keycloak to try it with, or whatever issuer a deployment names.
var issuer = builder.AddIssuer("keycloak");

// Services. One that is started while what it needs is dead waits until that is back, instead of ending for good: who would start
// the healer again?
var commandCenter = builder.AddProject<Projects.AetherLink_CommandCenter>("command-center")
    .AsMeshService(meshKey)
    .WithReference(database).WaitFor(database, WaitBehavior.WaitOnResourceUnavailable)
    .WithReference(kafka).WaitFor(kafka, WaitBehavior.WaitOnResourceUnavailable)
    .WithUrlForEndpoint("http", url => url.DisplayText = "Command Center API");

var orchestrator = builder.AddProject<Projects.AetherLink_Orchestrator>("orchestrator")
    .AsMeshService(meshKey)
    // Only its budgets are there, and it goes on without: it waits for nothing but Kafka.
    .WithReference(database)
    .WithReference(kafka).WaitFor(kafka, WaitBehavior.WaitOnResourceUnavailable)
    .WithEnvironment("ANTHROPIC_API_KEY", anthropicKey)
    .WithEnvironment("OPENAI_API_KEY", openAiKey)
    .WithUrlForEndpoint("http", url => url.DisplayText = "AI Orchestrator API");

var autoHeal = builder.AddProject<Projects.AetherLink_AutoHeal>("auto-heal")
    .AsMeshService(meshKey)
    .WithReference(database).WaitFor(database, WaitBehavior.WaitOnResourceUnavailable)
    .WithReference(kafka).WaitFor(kafka, WaitBehavior.WaitOnResourceUnavailable)
    .WithUrlForEndpoint("http", url => url.DisplayText = "Auto-Heal API");

var web = builder.AddProject<Projects.AetherLink_Web>("web")
    .AsMeshService(meshKey)
    .WithExternalHttpEndpoints()
    .SignsInAt(issuer)
    .WithUrlForEndpoint("http", url => url.DisplayText = "Command Center");

// Who asks whom. These references are cyclic, and so carry no WaitFor.
commandCenter.WithReference(orchestrator).WithReference(autoHeal).WithReference(web)
    .KnowsWhoNeedsWhom();
web.WithReference(commandCenter).WithReference(orchestrator).WithReference(autoHeal)
    .LinksTo(prometheus, grafana);
autoHeal.WithReference(commandCenter).WithReference(orchestrator).WithReference(web)
    .Heals(database, commandCenter, orchestrator, web)
    .WithMeshControl(meshKey);

foreach (var service in new[] { commandCenter, orchestrator, autoHeal, web })
{
    prometheus.Scrapes(service);
    service.AnnotatesIn(grafana, grafanaPassword);
    service.KnowsPeopleBy(issuer);
}

builder.WriteStatusFile();
builder.Build().Run();
