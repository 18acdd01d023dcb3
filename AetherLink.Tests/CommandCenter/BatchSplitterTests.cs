using System.Text;
using System.Text.Json;
using AetherLink.CommandCenter.Events.Validating;

namespace AetherLink.Tests.CommandCenter;

public sealed class BatchSplitterTests
{
    [Theory]
    [InlineData("""[1,2,3]""", 3)]
    [InlineData("""[1,2,3,4]""", 4)]
    [InlineData("""[1,2,3,4,{"never read": this is no JSON""", 4)]
    public void Array_is_read_to_one_beyond_what_it_may_hold_and_no_further(string body, int parts) =>
        Assert.Equal(parts, BatchSplitter.Elements(Encoding.UTF8.GetBytes(body), most: 3).Count);

    [Fact]
    public void Lines_are_read_to_one_beyond_what_there_may_be_and_know_their_numbers() => Assert.Equal(
        [1, 3, 4],
        BatchSplitter.Lines("a\n \r\nb\nc\nd\ne"u8.ToArray(), most: 2).Select(part => part.Line));

    [Theory]
    [InlineData("[1,2")]
    [InlineData("[1] 2")]
    [InlineData("{}")]
    public void Body_that_is_no_array_is_no_batch(string body) =>
        Assert.ThrowsAny<JsonException>(() => BatchSplitter.Elements(Encoding.UTF8.GetBytes(body), most: 3));
}
