namespace AetherLink.Web.Tools;

/// <summary>What runs beside the mesh.</summary>
/// <param name="Status">ok.</param>
/// <param name="Tools">Those that answer just now.</param>
internal sealed record ToolsAnswer(string Status, IReadOnlyList<Tool> Tools);

/// <param name="Name">As people call it.</param>
/// <param name="Url">Where their browser finds it.</param>
internal sealed record Tool(string Name, string Url);

/// <summary>What Grafana holds of a time.</summary>
/// <param name="Status">ok.</param>
/// <param name="Available">Whether there is a Grafana, and it answers.</param>
/// <param name="Annotations">The newest first, at most 500.</param>
internal sealed record AnnotationsAnswer(string Status, bool Available, IReadOnlyList<Annotation> Annotations);

/// <param name="At">When, or since when.</param>
/// <param name="Until">Null for a moment.</param>
/// <param name="Text">As it was written in Grafana, at most 300 letters.</param>
/// <param name="Tags">By which it is found there.</param>
internal sealed record Annotation(DateTimeOffset At, DateTimeOffset? Until, string Text, IReadOnlyList<string> Tags);
