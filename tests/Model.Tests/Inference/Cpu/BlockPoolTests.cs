using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Model.Tests.Inference.Cpu;

public sealed class BlockPoolTests
{
    private readonly BlockPool _pool = new(count: 4, blockTokens: 2);

    [Fact]
    public void Every_block_can_be_taken_once()
    {
        var blocks = Enumerable.Range(0, 4).Select(_ => _pool.Take()).ToArray();

        Assert.Equal([0, 1, 2, 3], blocks.Order());
        Assert.Equal(0, _pool.Free);
        Assert.Throws<InvalidOperationException>(() => _pool.Take());
    }

    [Fact]
    public void A_published_block_is_found_by_the_tokens_before_and_in_it()
    {
        var (first, chain) = Publish(_pool.Root, 1, 2);
        var (second, _) = Publish(chain, 3, 4);

        Assert.Equal(first, Share(_pool.Root, 1, 2));
        Assert.Equal(second, Share(chain, 3, 4));
        Assert.Equal(2, _pool.References(second));
        Assert.Equal(-1, Share(_pool.Root, 3, 4));
        Assert.Equal(-1, Share(_pool.Root, 2, 1));
        Assert.Equal(-1, Share(chain, 1, 2));
    }

    [Fact]
    public void A_released_block_stays_findable_until_it_is_the_longest_unused()
    {
        var (a, _) = Publish(_pool.Root, 1, 1);
        var (b, _) = Publish(_pool.Root, 2, 2);
        var blank = _pool.Take();
        _pool.Release(a);
        _pool.Release(b);
        _pool.Release(blank);
        Assert.Equal(4, _pool.Free);

        Assert.Equal(a, Share(_pool.Root, 1, 1));
        _pool.Release(a);

        // Blank blocks go first, then b, which nobody used since; a is the last.
        Assert.DoesNotContain(_pool.Take(), new[] { a, b });
        Assert.DoesNotContain(_pool.Take(), new[] { a, b });
        Assert.Equal(b, _pool.Take());
        Assert.Equal(-1, Share(_pool.Root, 2, 2));
        Assert.Equal(a, Share(_pool.Root, 1, 1));
        Assert.Equal(0, _pool.Free);
    }

    [Fact]
    public void An_equal_block_stays_private_and_its_sequence_joins_the_chain_of_the_first()
    {
        var (first, chain) = Publish(_pool.Root, 1, 2);
        var (second, same) = Publish(_pool.Root, 1, 2);

        Assert.NotEqual(first, second);
        Assert.Equal(chain, same);
        Assert.Equal(first, Share(_pool.Root, 1, 2));
    }

    [Fact]
    public void A_block_after_an_evicted_one_is_found_no_more()
    {
        var (first, chain) = Publish(_pool.Root, 1, 2);
        Publish(chain, 3, 4);
        _pool.Release(first);
        for (var i = 0; i < 3; i++)
        {
            _pool.Take();
        }

        _pool.Release(0);
        var (_, anew) = Publish(_pool.Root, 1, 2);

        Assert.NotEqual(chain, anew);
        Assert.Equal(-1, Share(anew, 3, 4));
    }

    [Fact]
    public void Other_weights_find_nothing_and_older_chains_publish_nothing()
    {
        var (held, chain) = Publish(_pool.Root, 1, 2);
        var (released, _) = Publish(chain, 3, 4);
        _pool.Release(released);
        var old = _pool.Root;

        _pool.Forget();

        Assert.NotEqual(old, _pool.Root);
        Assert.Equal(-1, Share(_pool.Root, 1, 2));
        Assert.Equal(-1, Share(old, 1, 2));
        var (_, after) = Publish(chain, 3, 4);
        Assert.Equal(chain, after);
        Assert.Equal(-1, Share(chain, 3, 4));
        _pool.Release(held);
        Assert.Equal(3, _pool.Free);
    }

    private (int Block, PrefixChain Chain) Publish(PrefixChain chain, params int[] tokens)
    {
        var block = _pool.Take();
        return (block, _pool.Publish(chain, block, tokens));
    }

    private int Share(PrefixChain chain, params int[] tokens)
    {
        _pool.TryShare(ref chain, tokens, out var block);
        return block;
    }
}
