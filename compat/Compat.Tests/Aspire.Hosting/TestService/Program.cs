using System.Collections;
using System.Runtime.InteropServices;

// A service that does what a test asks: tells its environment, ends with a code, falls ill, or ignores SIGTERM.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
var isHealthy = Environment.GetEnvironmentVariable("SICK") is null;
using var stubborn = Environment.GetEnvironmentVariable("STUBBORN") is null
    ? null
    : PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);

app.MapGet("/health", () => isHealthy ? Results.Ok() : Results.StatusCode(503));
app.MapPost("/health/{healthy:bool}", (bool healthy) => isHealthy = healthy);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value));
app.MapGet("/process", () => Environment.ProcessId);
app.MapPost("/exit/{code:int}", (int code, HttpResponse response) => response.OnCompleted(() =>
{
    Environment.Exit(code);
    return Task.CompletedTask;
}));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening as {Environment.ProcessId}"));

if (Environment.GetEnvironmentVariable("EXIT_CODE") is { } exitCode)
{
    return int.Parse(exitCode, System.Globalization.CultureInfo.InvariantCulture);
}

if (stubborn is null)
{
    await app.RunAsync();
    return 0;
}

await app.StartAsync();
await Task.Delay(Timeout.Infinite);
return 0;
