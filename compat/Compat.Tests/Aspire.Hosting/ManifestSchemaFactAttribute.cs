using System.Text.Json.Nodes;

namespace Compat.Tests.AspireHosting;

/// <summary>
/// A test against the published schema of the manifest. The schema is no part of the repository: it is read where a folder
/// above has it, and the test says so where none has.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ManifestSchemaFactAttribute : FactAttribute
{
    private const string Missing = "shared/data/aspire-manifest.schema.json is in no folder above";

    private static readonly string? File = Find();

    public ManifestSchemaFactAttribute() => Skip = File is null ? Missing : null;

    public static JsonSchema Schema => new(JsonNode.Parse(System.IO.File.ReadAllText(File!))!);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "aspire-manifest.schema.json");
            if (System.IO.File.Exists(file))
            {
                return file;
            }
        }

        Console.WriteLine($"Skipped, the test against the manifest's schema: {Missing}");
        return null;
    }
}
