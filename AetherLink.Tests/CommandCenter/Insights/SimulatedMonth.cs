namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>
/// A month of 200 ordinary series at five minutes, of which 20 have one fault: rates and latencies with a season of the day and
/// of the week, noise, a trend, and restarts (a gap, and a short dip after it). All of it follows from the seed.
/// </summary>
internal static class SimulatedMonth
{
    public const int Faults = 20;
    private const int SeriesCount = 200;
    private const int PerDay = 288;
    private const int Days = 30;

    // A Monday, so that the first weekend comes after five days.
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    internal enum Fault
    {
        Outage,
        Surge,
        Shift,
        Ramp,
        Noise,
    }

    internal sealed record Point(DateTimeOffset At, double Value);

    internal sealed record Series(IReadOnlyList<Point> Points, Fault? Fault, DateTimeOffset From, DateTimeOffset To);

    public static IEnumerable<Series> Of(int seed) =>
        Enumerable.Range(0, SeriesCount).Select(number => One(new Random((seed * 100_003) + number), number));

    private static Series One(Random random, int number)
    {
        var shape = Shape.Of(random);
        Fault? fault = number < Faults ? (Fault)(number % Enum.GetValues<Fault>().Length) : null;
        var from = Start.AddDays(21 + (random.NextDouble() * 8));
        var to = from.AddHours(3 + (random.NextDouble() * 6));
        var restarts = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(PerDay, Days * PerDay)).ToArray();
        var points = new List<Point>();
        for (var i = 0; i < Days * PerDay; i++)
        {
            var at = Start.AddMinutes(5 * i);
            var sinceRestart = restarts.Where(restart => restart <= i).Select(restart => i - restart).DefaultIfEmpty(int.MaxValue).Min();
            var value = shape.At(i / (double)PerDay, random) * (sinceRestart is 2 or 3 ? 0.6 : 1);
            var inside = fault is not null && at >= from && at < to;
            if (sinceRestart > 1 && random.NextDouble() > 0.002)
            {
                points.Add(new(at, inside ? Faulty(fault!.Value, value, (at - from) / (to - from), random) : value));
            }
        }
        return new(points, fault, from, to);
    }

    private static double Faulty(Fault fault, double value, double share, Random random) => fault switch
    {
        Fault.Outage => value * 0.05,
        Fault.Surge => value * 3,
        Fault.Shift => value * 2,
        Fault.Ramp => value * (1 + (3 * share)),
        _ => value * Math.Exp(1.5 * Gauss(random)),
    };

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed record Shape(double Level, double Daily, double Peak, double Weekend, double Trend, double Noise, bool IsSkewed)
    {
        public static Shape Of(Random random) => new(
            Math.Pow(10, random.NextDouble() * 5),
            random.NextDouble() * 0.5,
            random.NextDouble(),
            random.NextDouble() * 0.4,
            (random.NextDouble() - 0.5) * 0.6,
            0.02 + (random.NextDouble() * 0.1),
            random.NextDouble() < 0.5);

        public double At(double day, Random random)
        {
            var daily = 1 + (Daily * Math.Sin(2 * Math.PI * (day - Peak)));
            var weekend = day % 7 >= 5 ? 1 - Weekend : 1;
            var noise = IsSkewed ? Math.Exp(Noise * Gauss(random)) : 1 + (Noise * Gauss(random));
            return Level * daily * weekend * (1 + (Trend * day / Days)) * Math.Max(0, noise);
        }
    }
}
