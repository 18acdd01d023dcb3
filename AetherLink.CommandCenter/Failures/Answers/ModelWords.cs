namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>What only models fail by, in the form of <see cref="AnswerText"/>.</summary>
internal static class ModelWords
{
    /// <summary>Said in words that nothing else is said in.</summary>
    public static readonly Mark[] Narrow =
    [
        .. Marks.Of(400, 422, FailureCause.TooLong,
            "context length|context window|context size|context limit|context budget|maximum context|exceed context|"
                + "sequence length|max model len|string above max length"),
        // A length that was asked for is no length that was sent.
        .. Marks.Of(400, 422, FailureCause.BadRequest,
            "max tokens|max completion tokens|max output tokens|completion tokens|output tokens&is too large|must be|"
                + "less than|greater than|supports at most|maximum allowed|maximum value|not supported|range"),
        .. Marks.Of(400, 428, FailureCause.RefusedContent,
            "content policy|content filter|content management|content moderation|moderation|safety system|safety setting|"
                + "safety filter|safety polic|safety reason|responsible ai|guardrail|prohibited content|inappropriate content|"
                + "sensitive content|unsafe content|harmful|content risk|data inspection|content exists risk|input was flagged|"
                + "prompt was flagged|flagged as|flagged by|flagged for",
            "violat&polic|terms|guideline"),
        .. Marks.Of(413, 413, FailureCause.TooLong, "token|prompt|message|input|request"),
    ];

    /// <summary>Believed once nothing speaks of limits.</summary>
    public static readonly Mark[] Wide =
    [
        // It is loaded when it is asked for.
        .. Marks.Of(400, 422, FailureCause.Overloaded, "model&not ready|is cold|is loading|being loaded|warming up"),
        .. Marks.Of(400, 422, FailureCause.TooLong,
            "prompt|input|message|messages|conversation|text|content|document&too long|too large|exceeds the limit|"
                + "too many tokens",
            "tokens|token count|number of tokens|token limit&exceed|<=|less than|fewer than|too many|over the limit|"
                + "maximum number of tokens|reduce",
            "reduce the length|shorten your|input length should|max input characters|prompt length"),
        .. Unknown(400, 400), .. Unknown(404, 422),
        .. Marks.Of(400, 422, FailureCause.Gone, "model&deprecated|decommissioned|retired|no longer|end of life|sunset"),
    ];

    // Who is forbidden something is told of a model, too, and that it may not be there.
    private static IEnumerable<Mark> Unknown(int from, int to) => Marks.Of(from, to, FailureCause.WrongAddress,
        "model not found|model is not found|unknown model|invalid model|invalid model name|no such model|unsupported model|"
            + "unrecognized model|not a valid model|model does not exist|model not exist|model is not available|"
            + "model not available|model unavailable|model not supported|could not find model|model id is invalid|"
            + "model identifier is invalid|deployment not found",
        "model&does not exist|doesn t exist|not exist|not found|is not a valid");
}
