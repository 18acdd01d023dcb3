using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>The container engine of this machine, if one answers, through its command line.</summary>
internal sealed class ContainerEngine(IConfiguration configuration, Mesh mesh) : IDisposable
{
    // An engine answers its own version at once, or not at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private bool _hasNetwork;

    public string Program { get; } = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"] ?? "docker";

    /// <summary>Why a container cannot run here; nothing when it can.</summary>
    public async Task<string?> FindObstacleAsync(string image, Action<string> write, CancellationToken cancellationToken)
    {
        if (Sessions.FindOnPath(Program) is null)
        {
            return $"no container engine: '{Program}' is not on the path";
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (version, answer) = await RunAsync(["version", "--format", "{{.Server.Version}}"], limit.Token).ConfigureAwait(false);
            if (version != 0)
            {
                return $"the container engine does not answer: {answer}";
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the container engine does not answer within {Patience.TotalSeconds} s";
        }

        var (present, _) = await RunAsync(["image", "inspect", "--format", "{{.Id}}", image], cancellationToken).ConfigureAwait(false);
        if (present == 0)
        {
            return null;
        }

        write($"The image {image} is not here yet; pulling it.");
        var (pulled, output) = await RunAsync(["pull", "--quiet", image], cancellationToken).ConfigureAwait(false);
        return pulled == 0 ? null : $"the image {image} is not here and cannot be pulled: {output}";
    }

    public async Task<ProcessSpec> PrepareAsync(
        ContainerResource container,
        IReadOnlyList<(string Name, object Source, string? Value)> environment,
        IReadOnlyList<(object Source, string Value)> arguments,
        AspireStore store,
        CancellationToken cancellationToken)
    {
        await EnsureNetworkAsync(cancellationToken).ConfigureAwait(false);
        await RemoveAsync(container).ConfigureAwait(false);
        container.TryGetContainerImageName(out var image);
        List<string> command =
        [
            "run", "--rm", "--name", NameOf(container), "--label", $"{MeshMarker.Variable}={mesh.Id}",
            "--network", mesh.Id, "--network-alias", container.Name, "--add-host", "host.docker.internal:host-gateway",
        ];
        foreach (var endpoint in container.Annotations.OfType<EndpointAnnotation>())
        {
            var allocated = endpoint.AllocatedEndpoint!;
            command.AddRange(["--publish", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{allocated.Port}:{allocated.TargetPortExpression}")]);
        }

        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
        {
            command.AddRange(["--volume", $"{SourceOf(mount, store)}{mount.Target}{(mount.IsReadOnly ? ":ro" : "")}"]);
        }

        // By name only: the values go by the environment of the command, not by its arguments, which everybody can read.
        command.AddRange(environment.SelectMany(variable => new[] { "--env", variable.Name }));
        command.AddRange(container.Annotations.OfType<ContainerRuntimeArgsAnnotation>().SelectMany(annotation => annotation.Arguments));
        if (container.Entrypoint is { } entrypoint)
        {
            command.AddRange(["--entrypoint", entrypoint]);
        }

        command.Add(image!);
        command.AddRange(arguments.Select(argument => argument.Value));
        return new(Program, command, Path.GetTempPath())
        {
            Environment = environment.ToDictionary(variable => variable.Name, variable => variable.Value ?? ""),
        };
    }

    /// <summary>Removes what a killed command may have left.</summary>
    public Task RemoveAsync(ContainerResource container) =>
        RunAsync(["rm", "--force", "--volumes", NameOf(container)], CancellationToken.None);

    public async Task RemoveNetworkAsync()
    {
        if (_hasNetwork)
        {
            await RunAsync(["network", "rm", mesh.Id], CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => _gate.Dispose();

    private string NameOf(ContainerResource container) => $"{container.Name}-{mesh.Id[^8..]}";

    private static string SourceOf(ContainerMountAnnotation mount, AspireStore store)
    {
        if (mount.Source is null)
        {
            return "";
        }

        if (mount.Type == ContainerMountType.BindMount)
        {
            return mount.Source + ":";
        }

        // An image runs as whom it likes, and has to write here.
        var folder = store.Volume(mount.Source);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode everybody = (UnixFileMode)0b111_111_111;
            File.SetUnixFileMode(folder, everybody);
        }

        return folder + ":";
    }

    private async Task EnsureNetworkAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_hasNetwork)
            {
                var (created, output) = await RunAsync(["network", "create", "--label", $"{MeshMarker.Variable}={mesh.Id}", mesh.Id], cancellationToken).ConfigureAwait(false);
                _hasNetwork = created == 0 ? true : throw new DistributedApplicationException($"The containers' network cannot be made: {output}");
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return (127, exception.Message);
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (process.ExitCode, $"{await output.ConfigureAwait(false)} {await errors.ConfigureAwait(false)}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
