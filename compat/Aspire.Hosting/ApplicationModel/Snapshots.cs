using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

internal static class Snapshots
{
    internal static CustomResourceSnapshot InitialSnapshot(this IResource resource) =>
        resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot ?? new()
        {
            ResourceType = TypeOf(resource),
            Properties = [],
            Relationships =
            [
                .. resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                    .Select(relation => new RelationshipSnapshot(relation.Resource.Name, relation.Type)),
            ],
        };

    internal static bool IsTerminal(this CustomResourceSnapshot snapshot) =>
        snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    // Nobody becomes healthy from here by himself; a person, or the healer, may start it again.
    internal static bool IsUnavailable(this CustomResourceSnapshot snapshot) =>
        snapshot.IsTerminal()
        || snapshot.State?.Text == KnownResourceStates.RuntimeUnhealthy
        || snapshot.State?.Text == KnownResourceStates.ValueMissing;

    internal static string ExitCodeText(this CustomResourceSnapshot snapshot) => snapshot.ExitCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $" with exit code {code}")
        : "";

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ContainerResource => "Container",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name,
    };
}
