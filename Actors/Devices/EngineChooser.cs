namespace Intellect3.Actors.Devices;

/// <summary>Decides which engine of a node takes a request: the one that took the same affinity before while it has room, else the one with the most free slots.</summary>
/// <param name="slots">Slots of an engine.</param>
/// <param name="rememberedAffinities">Affinities that are remembered; past that the oldest is forgotten.</param>
public sealed class EngineChooser(int slots, int rememberedAffinities = 4096)
{
    private readonly SortedDictionary<int, int> _load = [];
    private readonly Dictionary<string, int> _affinities = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();

    /// <summary>Slots of all engines.</summary>
    public int Slots => _load.Count * slots;

    /// <summary>Slots that no request holds or waits for.</summary>
    public int Free => _load.Values.Sum(load => Math.Max(0, slots - load));

    public void Add(int engine) => _load.TryAdd(engine, 0);

    /// <summary>The engine is gone for good.</summary>
    public void Remove(int engine) => _load.Remove(engine);

    /// <summary>Chooses an engine and counts the request as its load. Equal ones: the lowest number. Null when there is none.</summary>
    public int? Choose(string affinity)
    {
        if (_load.Count == 0)
        {
            return null;
        }

        var engine = _affinities.TryGetValue(affinity, out var before) && _load.TryGetValue(before, out var load) && load < slots
            ? before
            : _load.MinBy(e => e.Value).Key;
        Remember(affinity, engine);
        _load[engine]++;
        return engine;
    }

    /// <summary>So many requests of the engine have ended.</summary>
    public void Release(int engine, int requests)
    {
        if (_load.TryGetValue(engine, out var load))
        {
            _load[engine] = Math.Max(0, load - requests);
        }
    }

    private void Remember(string affinity, int engine)
    {
        if (!_affinities.ContainsKey(affinity))
        {
            _oldest.Enqueue(affinity);
            if (_oldest.Count > rememberedAffinities)
            {
                _affinities.Remove(_oldest.Dequeue());
            }
        }

        _affinities[affinity] = engine;
    }
}
