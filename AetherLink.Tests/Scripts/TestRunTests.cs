using System.Net;
using System.Net.Sockets;

namespace AetherLink.Tests.Scripts;

/// <summary>
/// How <c>./aether test</c> ends, with a <c>dotnet</c> that builds and passes everything and has no tests. The port that a mesh needs is
/// taken, so that the README's commands are skipped.
/// </summary>
public sealed class TestRunTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ScriptFolder _folder;

    public TestRunTests()
    {
        _listener.Start();
        _folder = new ScriptFolder(((IPEndPoint)_listener.LocalEndpoint).Port)
            .With("dotnet", "[ $1 != --list-sdks ] || echo '10.0.100 [/x]'").With("node", "echo v24.1.0").With("npm", "exit 0")
            // Nothing is installed meanwhile.
            .With("id", "echo 1000").With("sudo", "exit 1");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Filter_that_matches_no_test_is_a_failure_that_says_so()
    {
        var (code, output, _) = await _folder.RunAsync("test", "NoSuchTest");

        Assert.Equal(1, code);
        Assert.Contains("FAILED: no test has 'NoSuchTest' in its full name", output, StringComparison.Ordinal);
        Assert.EndsWith("2 passed, 1 failed, 0 skipped", output.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_of_the_pages_that_ends_without_a_word_is_a_failure()
    {
        var (code, output, _) = await _folder.With("npm", "kill -9 $PPID").RunAsync("test");

        Assert.Equal(1, code);
        Assert.Contains("FAILED: of the 3 checks of the format and the pages only 1 said how they went", output, StringComparison.Ordinal);
        Assert.EndsWith("3 passed, 2 failed, 1 skipped", output.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0, "5 passed, 0 failed, 1 skipped")]
    [InlineData("20", 0, "5 passed, 0 failed, 1 skipped")]
    [InlineData("0", 1, "5 passed, 1 failed, 1 skipped")]
    public async Task Run_that_takes_longer_than_the_limit_that_was_set_says_so_and_fails(string minutes, int expected, string closing)
    {
        _folder.TestMinutes = minutes;
        // A second at least.
        _folder.With("npm", "sleep 1");

        var (code, output, _) = await _folder.RunAsync("test");

        Assert.Equal(expected, code);
        Assert.EndsWith(closing, output.Trim(), StringComparison.Ordinal);
        Assert.Equal(minutes == "0", output.Contains("== OVER TIME: the run took 0:", StringComparison.Ordinal));
    }
}
