using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

internal static partial class Signals
{
    internal const int Interrupt = 2;
    internal const int Kill = 9;
    internal const int Terminate = 15;

    /// <summary>Signals a whole process group. One that has ended already is no error.</summary>
    internal static void SendToGroup(int group, int signal) => _ = Send(-group, signal);

    /// <summary>Signals one process. One that has ended already is no error.</summary>
    internal static void SendTo(int process, int signal) => _ = Send(process, signal);

    internal static bool GroupExists(int group) => Send(-group, 0) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int pid, int signal);
}
