using System.Buffers;
using System.Buffers.Binary;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>
/// The values of all measures. They come bucket by bucket, of all series each time, and lie as they come: by measure each of some million points
/// would be fetched from another place of the memory. That is rented, and given back when they have been looked at: three hours of two thousand
/// measures are 20 MB, which the collector would otherwise have to find after each question. No I/O.
/// </summary>
internal sealed class Grid : IDisposable
{
    /// <summary>A megabyte: the pool keeps more of them than the longest window takes.</summary>
    private const int ChunkValues = 128 * 1024;

    private const int PointSize = sizeof(int) + sizeof(double);

    private const int NoMeasure = -1;

    private readonly IReadOnlyList<Measure> _measures;
    private readonly int _firstId;
    private readonly int[] _places;
    private readonly int[] _times;
    private readonly bool[] _counted;
    private readonly int _perChunk;
    private readonly double[][] _chunks;

    /// <param name="measures">What is measured.</param>
    /// <param name="series">The ids of the series, and where the measure of each is among these.</param>
    /// <param name="buckets">How many the window has.</param>
    public Grid(IReadOnlyList<Measure> measures, IReadOnlyList<(int Id, int Place)> series, int buckets)
    {
        _measures = measures;
        (_firstId, _places) = PlacesOf(series);
        _times = new int[measures.Count];
        _counted = new bool[buckets];
        _perChunk = Math.Max(1, ChunkValues / Math.Max(1, measures.Count));
        _chunks = [.. Enumerable.Repeat(Array.Empty<double>(), (buckets + _perChunk - 1) / _perChunk)];
    }

    /// <summary>
    /// Takes the points of a bucket, once each: of a count the sum of its series, of a latency their mean. <see cref="double.NaN"/> stands where
    /// there is none.
    /// </summary>
    public void Add(int bucket, ReadOnlySpan<byte> points)
    {
        _counted[bucket] = true;
        var row = Row(bucket);
        row.Clear();
        Array.Clear(_times);
        for (; points.Length >= PointSize; points = points[PointSize..])
        {
            // Of a series that says nothing of a cause, or that was forgotten since.
            var place = BinaryPrimitives.ReadInt32LittleEndian(points) - _firstId;
            if ((uint)place < (uint)_places.Length && _places[place] is not NoMeasure and var measure)
            {
                row[measure] += BinaryPrimitives.ReadDoubleLittleEndian(points[sizeof(int)..]);
                _times[measure]++;
            }
        }
        for (var measure = 0; measure < row.Length; measure++)
        {
            if (_measures[measure].Kind is MeasureKind.Latency)
                row[measure] = _times[measure] == 0 ? double.NaN : row[measure] / _times[measure];
        }
    }

    /// <summary>Each measure with its values, in one array that is filled anew for the next: as many buckets as were counted at all.</summary>
    public IEnumerable<(Measure Measure, double[] Values)> Measures()
    {
        // What is not closed yet is no bucket of nothing.
        var values = new double[Array.LastIndexOf(_counted, true) + 1];
        for (var measure = 0; measure < _measures.Count; measure++)
        {
            for (var bucket = 0; bucket < values.Length; bucket++)
                values[bucket] = _counted[bucket] ? Row(bucket)[measure] : double.NaN;
            yield return (_measures[measure], values);
        }
    }

    public void Dispose()
    {
        foreach (ref var chunk in _chunks.AsSpan())
        {
            if (chunk.Length > 0)
                ArrayPool<double>.Shared.Return(chunk);
            chunk = [];
        }
    }

    private Span<double> Row(int bucket)
    {
        ref var chunk = ref _chunks[bucket / _perChunk];
        if (chunk.Length == 0)
            chunk = ArrayPool<double>.Shared.Rent(Math.Min(_perChunk, _counted.Length) * _measures.Count);
        return chunk.AsSpan(bucket % _perChunk * _measures.Count, _measures.Count);
    }

    /// <summary>The measure of each series, by its id less the first: it is looked up some million times.</summary>
    private static (int First, int[] Places) PlacesOf(IReadOnlyList<(int Id, int Place)> series)
    {
        if (series.Count == 0)
            return (0, []);
        var first = series.Min(one => one.Id);
        var places = new int[series.Max(one => one.Id) - first + 1];
        Array.Fill(places, NoMeasure);
        foreach (var (id, place) in series)
            places[id - first] = place;
        return (first, places);
    }
}
