using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.Web.Live;

/// <summary>Counts the streams that are open: each holds a connection and a queue for as long as the browser likes.</summary>
internal sealed class OpenStreams
{
    /// <summary>Twice the five thousand that are promised to be served in time.</summary>
    private const int Most = 10_000;

    /// <summary>The tabs of a browser share one: that is fifty browsers.</summary>
    private const int MostOfAPerson = 50;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _ofPersons = new(StringComparer.Ordinal);
    private readonly int _most;
    private readonly int _mostOfAPerson;
    private int _open;

    public OpenStreams(IConfiguration configuration)
    {
        _most = configuration.GetValue("Web:MostStreams", Most);
        _mostOfAPerson = configuration.GetValue("Web:MostStreamsOfAPerson", MostOfAPerson);
        if (_most < 1 || _mostOfAPerson < 1)
            throw new InvalidOperationException("Web:MostStreams and Web:MostStreamsOfAPerson are at least 1.");
    }

    /// <summary>A place until it is disposed of; or why there is none.</summary>
    public (IDisposable? Place, ProblemHttpResult? Refusal) Take(Caller caller)
    {
        var person = caller.Subject is { } subject ? $"subject {subject}" : $"name {caller.Name}";
        lock (_gate)
        {
            var own = _ofPersons.GetValueOrDefault(person);
            if (own >= _mostOfAPerson)
                return (null, Problems.TooMany($"{own} streams are open in this person's name, which is the most.", RetryAfter));
            if (_open >= _most)
                return (null, Problems.Unavailable($"{_open} streams are open here, which is the most.", RetryAfter));
            _ofPersons[person] = own + 1;
            _open++;
        }
        return (new Place(this, person), null);
    }

    private void Leave(string person)
    {
        lock (_gate)
        {
            _open--;
            if (--_ofPersons[person] == 0)
                _ofPersons.Remove(person);
        }
    }

    private sealed class Place(OpenStreams streams, string person) : IDisposable
    {
        public void Dispose() => streams.Leave(person);
    }
}
