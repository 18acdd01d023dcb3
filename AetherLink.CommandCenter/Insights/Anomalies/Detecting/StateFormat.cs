using System.Runtime.InteropServices;

namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>Arrays of a detector's state as they lie in memory: states are read where they were written.</summary>
internal static class StateFormat
{
    public static void Write(this BinaryWriter state, float[] values) => state.Write(MemoryMarshal.AsBytes(values.AsSpan()));

    public static void Read(this BinaryReader state, float[] values) => state.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
}
