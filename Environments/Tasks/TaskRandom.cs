namespace Intellect3.Environments.Tasks;

/// <summary>
/// Random numbers that are a function of their key alone, the same on every machine and in every version of .NET, as task generation must be
/// (<see cref="Random"/> promises neither). SplitMix64: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014.
/// </summary>
/// <remarks>Not thread-safe; make one where it is needed.</remarks>
public sealed class TaskRandom
{
    private ulong _state;

    /// <param name="stream">What the numbers are for, so that two uses of one key do not share them.</param>
    /// <param name="key">Numbers that name the draw: an index, an attempt, a seed.</param>
    public TaskRandom(string stream, params ReadOnlySpan<ulong> key)
    {
        _state = Hash(stream);
        foreach (var part in key)
        {
            _state = Mix((_state + Increment) ^ part);
        }
    }

    private const ulong Increment = 0x9E3779B97F4A7C15;

    /// <summary>64 uniform bits.</summary>
    public ulong Next() => Mix(_state += Increment);

    /// <summary>A uniform integer in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(Next(), (ulong)bound, out _);
    }

    /// <summary>A uniform integer in [<paramref name="first"/>, <paramref name="last"/>].</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>Characters drawn independently from an alphabet.</summary>
    public string Text(int length, string alphabet)
    {
        ArgumentException.ThrowIfNullOrEmpty(alphabet);
        return string.Create(length, (this, alphabet), static (text, source) =>
        {
            foreach (ref var c in text)
            {
                c = source.alphabet[source.Item1.Below(source.alphabet.Length)];
            }
        });
    }

    /// <summary>A 64-bit hash of a text's UTF-16 units that never changes, unlike <see cref="string.GetHashCode()"/>. Not for secrets.</summary>
    public static ulong Hash(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = (ulong)text.Length;
        foreach (var c in text)
        {
            hash = Mix((hash + Increment) ^ c);
        }

        return hash;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
