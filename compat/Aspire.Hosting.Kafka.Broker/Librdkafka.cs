using System.Runtime.InteropServices;
using System.Text;

namespace Aspire.Hosting.Kafka.Broker;

/// <summary>The native calls, as <c>rdkafka.h</c> and <c>rdkafka_mock.h</c> declare them.</summary>
internal static partial class Librdkafka
{
    private const string Library = "librdkafka";

    /// <summary><c>RD_KAFKA_PRODUCER</c></summary>
    public const int Producer = 0;

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint configuration, string name, string value, byte[] error, nint errorSize);

    // Takes the configuration over, except when it fails.
    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint NewClient(int type, nint configuration, byte[] error, nint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_err2str")]
    public static partial nint Describe(int error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void DestroyCluster(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateTopic(nint cluster, string topic, int partitions, int replicationFactor);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial int SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial int SetUp(nint cluster, int broker);

    /// <summary>A string that librdkafka owns.</summary>
    public static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>A string in a buffer that we own.</summary>
    public static string Text(byte[] buffer) => Encoding.UTF8.GetString(buffer, 0, Math.Max(0, Array.IndexOf(buffer, (byte)0)));
}
