using AetherLink.LoadGenerator.Running;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AetherLink.Tests.AutoHeal.Docker;

public sealed class NoEngineTests
{
    [DockerFact]
    public async Task Engine_that_is_installed_and_cannot_start_is_none_and_says_why()
    {
        var none = await Assert.ThrowsAsync<NoEngineException>(() => DockerEngine.CreateAsync("--no-such-flag"));

        Assert.StartsWith("dockerd ended with ", none.Message, StringComparison.Ordinal);
        Assert.Contains("unknown flag: --no-such-flag", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_that_fails_for_want_of_an_engine_is_skipped_with_the_reason_and_no_other()
    {
        var told = new Told();
        var bus = new NoEngineSkips(told);

        bus.QueueMessage(Failed(new NoEngineException("dockerd ended with 1. It said so.")));
        bus.QueueMessage(Failed(new AggregateException(new InvalidOperationException("first"), new NoEngineException("second"))));
        bus.QueueMessage(Failed(new InvalidOperationException("broken")));

        Assert.Equal(2, bus.Skipped);
        Assert.Equal(["dockerd ended with 1. It said so.", "second"], told.Messages.OfType<ITestSkipped>().Select(one => one.Reason));
        Assert.Equal(["broken"], told.Messages.OfType<ITestFailed>().SelectMany(one => one.Messages));
    }

    private static TestFailed Failed(Exception exception)
    {
        var assembly = new TestAssembly(Reflector.Wrap(typeof(NoEngineTests).Assembly));
        var type = new TestClass(new TestCollection(assembly, null, "any"), Reflector.Wrap(typeof(NoEngineTests)));
        var method = new TestMethod(type, type.Class.GetMethod(nameof(Engine_that_is_installed_and_cannot_start_is_none_and_says_why), false));
        var test = new DockerTestCase(null!, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method);
        return new(new XunitTest(test, "any"), 0, null, exception);
    }

    private sealed class Told : IMessageBus
    {
        public List<IMessageSinkMessage> Messages { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            Messages.Add(message);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
