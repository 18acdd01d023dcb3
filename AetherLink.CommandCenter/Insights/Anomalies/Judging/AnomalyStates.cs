using AetherLink.CommandCenter.Insights.Anomalies.Living;

namespace AetherLink.CommandCenter.Insights.Anomalies.Judging;

internal static class AnomalyStates
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<AnomalyState>().Select(Name)];

    public static string Name(this AnomalyState state) => state switch
    {
        AnomalyState.Acknowledged => "acknowledged",
        AnomalyState.Resolved => "resolved",
        AnomalyState.FalsePositive => "false_positive",
        _ => "open",
    };

    public static AnomalyState? Parse(string? name) =>
        Enum.GetValues<AnomalyState>().Where(state => state.Name() == name).Select(state => (AnomalyState?)state).FirstOrDefault();
}
