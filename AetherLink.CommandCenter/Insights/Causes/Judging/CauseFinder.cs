using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AetherLink.CommandCenter.Insights.Causes.Gathering;

namespace AetherLink.CommandCenter.Insights.Causes.Judging;

/// <summary>Gathers, ranks, and puts it so that a person can follow each step.</summary>
internal sealed class CauseFinder(EvidenceReader reader, MeshModel mesh)
{
    /// <summary>Of a cause, the gravest: one that fails and recovers all day has hundreds, and they say the same.</summary>
    private const int MostSigns = 20;

    public async Task<Found> FindAsync(Window window, string? tenant, CancellationToken cancellationToken)
    {
        var (evidence, upTo) = await reader.ReadAsync(window, tenant, cancellationToken);
        var symptoms = CauseRanking.Symptoms(evidence).ToDictionary(symptom => symptom.Node, StringComparer.Ordinal);
        var ranked = CauseRanking.Rank(mesh.With(evidence), evidence);
        return new(window, [.. ranked.Select((cause, index) => Of(cause, index + 1, symptoms, tenant))], upTo);
    }

    private static Cause Of(ProbableCause cause, int rank, Dictionary<string, Symptom> symptoms, string? tenant) => new(
        IdOf(tenant, cause.Node, cause.Since), rank, cause.Node, Math.Round(cause.Score, 3), cause.Since,
        [.. cause.Seen.OrderByDescending(one => one.Weight).Take(MostSigns).OrderBy(one => one.At).Select(one => new Sign(one.Kind.Name(), one.At, one.Text, one.Reference))],
        [.. cause.Paths.Select(path => path.Select(node => StepOf(symptoms[node])).ToList())],
        null);

    private static Step StepOf(Symptom symptom)
    {
        var gravest = symptom.Seen.OrderByDescending(one => one.Weight).ThenBy(one => one.At).First();
        return new(symptom.Node, symptom.Since, gravest.Kind.Name(), gravest.Text, gravest.Reference);
    }

    /// <summary>Of what it is, so that the same is found again although nothing is stored: a name-based UUID (version 8, of SHA-256).</summary>
    private static Guid IdOf(string? tenant, string node, DateTimeOffset since)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{(tenant is null ? "" : "=" + tenant)}\0{node}\0{since.UtcTicks}");
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new(bytes, bigEndian: true);
    }
}
