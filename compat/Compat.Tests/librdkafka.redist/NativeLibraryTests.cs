using Confluent.Kafka;

namespace Compat.Tests.Librdkafka;

public sealed class NativeLibraryTests
{
    [Fact]
    public void Library_of_the_machine_is_beside_whatever_refers_to_a_kafka_package()
    {
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "librdkafka.so")));
        Assert.Matches(@"^\d+\.\d+", Library.VersionString);
    }
}
