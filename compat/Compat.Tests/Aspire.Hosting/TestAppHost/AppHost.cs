var builder = DistributedApplication.CreateBuilder(args);

// Where a test has to look at a thing from outside of the process that runs it, it asks for that thing by configuration.
if (builder.Configuration["Fail"] is { } failure)
{
    throw new InvalidOperationException(failure);
}

var key = builder.AddParameter("key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

var service = builder.AddProject<Projects.TestService>("service")
    .WithHttpHealthCheck("/health")
    .WithEnvironment("KEY", key);

var other = builder.AddProject<Projects.TestService>("other", launchProfileName: null)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(service).WaitFor(service);
service.WithReference(other);

if (builder.Configuration["Stubborn"] is not null)
{
    other.WithEnvironment("STUBBORN", "yes");
}

if (builder.Configuration["Database"] is not null)
{
    var database = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("data");
    other.WithReference(database).WaitFor(database);
}

if (builder.Configuration["Broker"] is not null)
{
    other.WithReference(builder.AddKafka("kafka"));
}

if (builder.Configuration["Image"] is { } image)
{
    builder.AddContainer("container", image, "1").WithEntrypoint("/bin/busybox").WithArgs("sleep", "1000");
}

builder.Build().Run();
