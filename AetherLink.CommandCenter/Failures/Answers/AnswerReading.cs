using AetherLink.CommandCenter.Failures.Products;

namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>
/// Reads an answer from what is narrowest to what is widest: how a product writes, what headers say, names of errors and words whoever wrote them,
/// and the status. A word is believed only where the status leaves room for it, so that one in somebody's page does not turn a 404 into a time-out.
/// </summary>
internal static class AnswerReading
{
    public static Finding Read(Failure failure, int status)
    {
        var answer = new Answer(failure, status);
        // These two leave no room for words.
        return Known.Products.Read(answer) ?? HeaderSigns.Read(answer) ?? (status is 402 or 410 ? null : Said(answer)) ?? StatusMeaning.Of(answer);
    }

    /// <summary>By words alone; null where they say nothing.</summary>
    public static Finding? Said(Answer answer)
    {
        var names = HeaderSigns.Names(answer) + answer.Text.Codes;
        var all = names + answer.Text.All;
        var status = answer.Status;
        return (answer.Failure.IsOfAModel ? Marks.First(ModelWords.Narrow, status, all) : null)
            ?? Marks.First(Words.Origins, status, all)
            ?? Money(answer, names, all)
            ?? Marks.First(Words.Passing, status, all)
            ?? (answer.Failure.IsOfAModel ? Marks.First(ModelWords.Wide, status, all) : null)
            ?? Marks.First(Words.Lasting, status, all)
            ?? Marks.First(Words.Names, status, names);
    }

    /// <summary>What was paid for or granted. Several call a minute's limit a quota: what says when it goes on, or by which minute it is reckoned, is one.</summary>
    private static Finding? Money(Answer answer, string names, string all)
    {
        if (Marks.First(Words.Money, answer.Status, all) is not { } money)
        {
            return null;
        }
        if (Marks.First(Words.Unpaid, answer.Status, names) is { } unpaid)
        {
            return unpaid;
        }
        var isOfAWindow = Marks.First(Words.Windows, answer.Status, all) is not null || Waiting.Asked(answer.Failure) is not null;
        return isOfAWindow ? FailureCause.RateLimited : money;
    }
}
