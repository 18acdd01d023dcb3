namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>Ollama, llama.cpp, Hugging Face: a model that is not in memory yet, or does not fit into it.</summary>
internal static class LocalModels
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(500, 599, FailureCause.BadRequest, "requires more system memory"),
        .. Marks.Of(500, 599, FailureCause.EndpointDown, "runner process has terminated"),
        .. Marks.Of(500, 599, FailureCause.Overloaded, "loading model", "currently loading"),
    ]);
}
