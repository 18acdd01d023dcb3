using System.Text.RegularExpressions;
using AetherLink.CommandCenter.Deliveries;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class GlobProperties
{
    [Fact]
    public void Glob_matches_what_the_same_regular_expression_matches() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(
        (from pattern in Texts from text in Texts select (pattern, text)).ToArbitrary(),
        given => Glob.Matches(given.pattern, given.text)
            == Regex.IsMatch(given.text, $"^{Regex.Escape(given.pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$")));

    [Theory]
    [InlineData("ops.alert.*", "ops.alert.raised", true)]
    [InlineData("ops.alert.*", "ops.alerts", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Glob_matches(string pattern, string text, bool matches) => Assert.Equal(matches, Glob.Matches(pattern, text));

    private static Gen<string> Texts => Gen.Elements('a', 'b', '.', '*').ArrayOf().Select(letters => new string([.. letters.Take(12)]));
}
