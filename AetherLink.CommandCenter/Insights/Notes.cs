using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights;

/// <summary>What a person may add to what they say of an anomaly, or of a cause.</summary>
internal static class Notes
{
    private const int Longest = 500;

    /// <summary>Null for one that can be kept.</summary>
    public static FieldError? Complaint(string? note) =>
        note is not null && (note.Length > Longest || note.Any(letter => char.IsControl(letter) && letter != '\n') || !IsText(note))
            ? new("note", $"must be a text of at most {Longest} characters, without control characters")
            : null;

    /// <summary>Half a surrogate pair is none, and Postgres would not take it.</summary>
    private static bool IsText(string note)
    {
        for (var index = 0; index < note.Length; index++)
        {
            if (char.IsHighSurrogate(note[index]) && index + 1 < note.Length && char.IsLowSurrogate(note[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(note[index]))
            {
                return false;
            }
        }
        return true;
    }
}
