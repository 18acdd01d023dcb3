namespace AetherLink.ServiceDefaults;

/// <summary>A feature of a request whose answer is another service's: if that one has refused it, that one tells of it.</summary>
public sealed class ForwardedAnswer;
