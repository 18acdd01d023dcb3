namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that is put into a container before it starts.</summary>
public abstract class ContainerFileSystemItem
{
    /// <summary>Its name in the folder that it is put into.</summary>
    public string Name { get; set; } = "";
}

/// <summary>A file with its text.</summary>
public abstract class ContainerFileBase : ContainerFileSystemItem
{
    /// <summary>The text.</summary>
    public string? Contents { get; set; }
}

/// <summary>A file that is put into a container before it starts.</summary>
public sealed class ContainerFile : ContainerFileBase;

/// <summary>What a callback that makes a container's files is given.</summary>
public sealed class ContainerFileSystemCallbackContext
{
    /// <summary>The container.</summary>
    public required IResource Model { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}

/// <summary>Makes files for a container, each time before it starts.</summary>
public sealed class ContainerFileSystemCallbackAnnotation : IResourceAnnotation
{
    /// <summary>The folder in the container.</summary>
    public required string DestinationPath { get; init; }

    /// <summary>Makes the files.</summary>
    public required Func<ContainerFileSystemCallbackContext, CancellationToken, Task<IEnumerable<ContainerFileSystemItem>>> Callback { get; init; }

    /// <summary>The user that owns them.</summary>
    public int? DefaultOwner { get; init; }

    /// <summary>The group that owns them.</summary>
    public int? DefaultGroup { get; init; }

    /// <summary>What others may not do with them.</summary>
    public UnixFileMode? Umask { get; set; }
}
