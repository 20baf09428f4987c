using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>
/// Which blocks of the key-value cache are held, by how many sequences, and which full ones can be shared by their prefix. A published block that nobody
/// holds stays findable until it is the one longest unused and a block is needed. Not thread-safe.
/// </summary>
internal sealed class BlockPool
{
    private const long Unpublished = 0;

    private readonly int[] _references;
    private readonly long[] _contents;
    private readonly long[] _parents;
    private readonly int[] _tokens;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly HashSet<int> _published;
    private readonly HashSet<int>.AlternateLookup<Prefix> _lookup;
    private long _lastContent;

    /// <summary>A pool of <paramref name="count"/> free blocks of <paramref name="blockTokens"/> tokens.</summary>
    public BlockPool(int count, int blockTokens)
    {
        Count = count;
        BlockTokens = blockTokens;
        _references = new int[count];
        _contents = new long[count];
        _parents = new long[count];
        _tokens = new int[checked(count * blockTokens)];
        _published = new HashSet<int>(new ContentComparer(this));
        _lookup = _published.GetAlternateLookup<Prefix>();

        // The free blocks are a ring, next to be taken first; entry `count` is its anchor.
        _next = new int[count + 1];
        _previous = new int[count + 1];
        for (var block = 0; block <= count; block++)
        {
            _next[block] = block == count ? 0 : block + 1;
            _previous[block] = block == 0 ? count : block - 1;
        }

        Free = count;
        BeginRoot();
    }

    public int Count { get; }

    public int BlockTokens { get; }

    /// <summary>Blocks that nobody holds, the findable ones included.</summary>
    public int Free { get; private set; }

    /// <summary>The chain of an empty prefix under the present weights.</summary>
    public PrefixChain Root { get; private set; }

    /// <summary>Sequences that hold a block.</summary>
    public int References(int block) => _references[block];

    /// <summary>The block that holds <paramref name="tokens"/> after <paramref name="chain"/>, held once more; <paramref name="chain"/> moves on over it.</summary>
    public bool TryShare(ref PrefixChain chain, ReadOnlySpan<int> tokens, out int block)
    {
        if (chain.Root != Root.Root || !_lookup.TryGetValue(new Prefix(chain.Tip, tokens), out block))
        {
            block = -1;
            return false;
        }

        if (_references[block]++ == 0)
        {
            Unlink(block);
        }

        chain = chain with { Tip = _contents[block] };
        return true;
    }

    /// <summary>A free block, held once and findable no more: a blank one if there is one, else the one longest unused.</summary>
    /// <exception cref="InvalidOperationException">None is free.</exception>
    public int Take()
    {
        if (Free == 0)
        {
            throw new InvalidOperationException($"all {Count} blocks of the cache are held; ask {nameof(Free)} first");
        }

        var block = _next[Count];
        Unlink(block);
        Unpublish(block);
        _references[block] = 1;
        return block;
    }

    /// <summary>Gives one hold back.</summary>
    public void Release(int block)
    {
        Debug.Assert(_references[block] > 0, "a block was released more often than it was held");
        if (--_references[block] == 0)
        {
            LinkBefore(_contents[block] == Unpublished ? _next[Count] : Count, block);
        }
    }

    /// <summary>
    /// Lets others find a full held block whose keys and values are those of <paramref name="tokens"/> after <paramref name="chain"/>, and gives the chain
    /// that ends with it. Where an equal one can be found already, this one stays private; where the chain is of older weights, nothing happens.
    /// </summary>
    public PrefixChain Publish(PrefixChain chain, int block, ReadOnlySpan<int> tokens)
    {
        Debug.Assert(_references[block] > 0 && tokens.Length == BlockTokens, "only a full block that is held can be published");
        if (chain.Root != Root.Root)
        {
            return chain;
        }

        if (_lookup.TryGetValue(new Prefix(chain.Tip, tokens), out var equal))
        {
            return chain with { Tip = _contents[equal] };
        }

        tokens.CopyTo(TokensOf(block));
        _parents[block] = chain.Tip;
        _contents[block] = ++_lastContent;
        _published.Add(block);
        return chain with { Tip = _contents[block] };
    }

    /// <summary>Makes every block unfindable: other weights compute from now on.</summary>
    public void Forget()
    {
        _published.Clear();
        Array.Fill(_contents, Unpublished);
        BeginRoot();
    }

    private void BeginRoot()
    {
        var root = ++_lastContent;
        Root = new PrefixChain(root, root);
    }

    private Span<int> TokensOf(int block) => _tokens.AsSpan(block * BlockTokens, BlockTokens);

    private void Unpublish(int block)
    {
        if (_contents[block] != Unpublished)
        {
            _published.Remove(block);
            _contents[block] = Unpublished;
        }
    }

    private void LinkBefore(int next, int block)
    {
        var previous = _previous[next];
        _next[block] = next;
        _previous[block] = previous;
        _next[previous] = block;
        _previous[next] = block;
        Free++;
    }

    private void Unlink(int block)
    {
        _next[_previous[block]] = _next[block];
        _previous[_next[block]] = _previous[block];
        Free--;
    }

    private readonly ref struct Prefix(long parent, ReadOnlySpan<int> tokens)
    {
        public long Parent { get; } = parent;

        public ReadOnlySpan<int> Tokens { get; } = tokens;
    }

    /// <summary>Compares published blocks by what they hold: exact, so a hash collision shares nothing.</summary>
    private sealed class ContentComparer(BlockPool pool) : IEqualityComparer<int>, IAlternateEqualityComparer<Prefix, int>
    {
        public bool Equals(int x, int y) => x == y || Equals(PrefixOf(x), y);

        public int GetHashCode(int block) => GetHashCode(PrefixOf(block));

        public bool Equals(Prefix prefix, int block) => prefix.Parent == pool._parents[block] && prefix.Tokens.SequenceEqual(pool.TokensOf(block));

        public int GetHashCode(Prefix prefix)
        {
            var hash = new HashCode();
            hash.Add(prefix.Parent);
            hash.AddBytes(MemoryMarshal.AsBytes(prefix.Tokens));
            return hash.ToHashCode();
        }

        [ExcludeFromCodeCoverage]
        int IAlternateEqualityComparer<Prefix, int>.Create(Prefix prefix) => throw new NotSupportedException("a block is published, not made of its tokens");

        private Prefix PrefixOf(int block) => new(pool._parents[block], pool.TokensOf(block));
    }
}
