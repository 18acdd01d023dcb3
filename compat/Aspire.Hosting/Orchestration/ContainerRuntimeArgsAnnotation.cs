using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

internal sealed record ContainerRuntimeArgsAnnotation(IReadOnlyList<string> Arguments) : IResourceAnnotation;
