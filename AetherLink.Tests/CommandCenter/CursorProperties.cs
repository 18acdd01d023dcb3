using AetherLink.CommandCenter.Events.Querying;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter;

public sealed class CursorProperties
{
    [Fact]
    public void Cursor_comes_back_as_it_was_given_out() =>
        Prop.ForAll<long>(number =>
        {
            var cursor = new Cursor(number & long.MaxValue);
            return Cursor.TryParse(cursor.ToString(), out var parsed) && parsed == cursor;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cursor_that_was_not_given_out_is_refused_and_never_throws() =>
        Prop.ForAll<string>(text => !Cursor.TryParse(text, out var parsed) || parsed.ToString() == text).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("AgAAAAAAAAAB")] // version 2
    [InlineData("Af__________")] // a negative number
    public void Cursor_is_refused_when(string text) => Assert.False(Cursor.TryParse(text, out _));
}
