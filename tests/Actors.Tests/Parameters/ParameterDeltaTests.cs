using FsCheck.Xunit;
using Intellect3.Actors.Parameters;

namespace Intellect3.Actors.Tests.Parameters;

public sealed class ParameterDeltaTests
{
    [Property]
    public void What_was_encoded_is_applied_to_the_bit(uint[] from, (ushort At, uint Word, bool Short)[] changes)
    {
        // Longer than what changes, so that a delta pays more often than not.
        from = [.. Enumerable.Repeat(from.Prepend(7u), 40).SelectMany(w => w)];
        var to = (uint[])from.Clone();
        foreach (var (at, word, isShort) in changes)
        {
            to[at % to.Length] = isShort ? word << 16 : word;
        }

        if (ParameterDelta.Encode(from, to) is { } delta)
        {
            ParameterDelta.Apply(delta, from);
            Assert.Equal(to, from);
        }
        else
        {
            Assert.True(changes.Length > to.Length / 8, "changes of few words pay");
        }
    }

    [Property]
    public void Nonsense_is_refused_or_changes_words_within_the_vector(byte[] delta, byte length)
    {
        try
        {
            ParameterDelta.Apply(delta, new uint[length]);
        }
        catch (FormatException)
        {
        }
    }

    [Fact]
    public void A_delta_that_was_cut_is_refused_unless_it_ends_with_a_run()
    {
        var to = new uint[100];
        (to[3], to[4], to[50]) = (1, 0x3f800000, 7);
        var delta = ParameterDelta.Encode(new uint[100], to)!;

        // Two runs, of 10 and 6 bytes. After the first it is a delta, though another: the hash of the vector tells.
        foreach (var length in Enumerable.Range(1, delta.Length - 1).Where(l => l != 10))
        {
            Assert.Throws<FormatException>(() => ParameterDelta.Apply(delta.AsSpan(0, length), new uint[100]));
        }
    }

    [Fact]
    public void Nothing_changed_is_nothing() => Assert.Empty(ParameterDelta.Encode(new uint[10], new uint[10])!);

    [Fact]
    public void A_bfloat16_value_costs_two_bytes_and_its_run_two()
    {
        var to = new uint[1000];
        (to[10], to[500]) = (0x3f80_0000, 0x3f81_0001);

        Assert.Equal([10, 3, 0x80, 0x3f, .. (byte[])[0xe9, 0x03, 2, 1, 0, 0x81, 0x3f]], ParameterDelta.Encode(new uint[1000], to)!);
    }

    [Fact]
    public void What_changed_everywhere_is_sent_whole() =>
        Assert.Null(ParameterDelta.Encode(new uint[1 << 18], [.. Enumerable.Range(1, 1 << 18).Select(i => (uint)i)]));

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(50, 100, true)]
    [InlineData(51, 100, false)]
    public void It_pays_up_to_half_of_the_vector(long delta, long full, bool pays) => Assert.Equal(pays, ParameterDelta.Pays(delta, full));
}
