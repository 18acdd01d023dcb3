namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>An answer that is no success, as it is read.</summary>
/// <param name="Failure">What came.</param>
/// <param name="Status">Its number.</param>
internal sealed record Answer(Failure Failure, int Status)
{
    /// <summary>As it came: products are known by how they write.</summary>
    public string Raw => Failure.Text ?? "";

    /// <summary>What it says of itself: see <see cref="AnswerText"/>.</summary>
    public AnswerText Text { get; } = AnswerText.Of(Failure.Text ?? "");

    public string? Header(string name) => Failure.Header(name);
}
