using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Tests.Parameters;

public sealed class ParameterFetchTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly NodeAddress Publisher = new("loopback://publisher");
    private static readonly NodeAddress Receiver = new("loopback://receiver");

    private readonly LoopbackByteChannel _channel = new();
    private readonly ParameterShelf _shelf = new("run", Publisher, TimeProvider.System, TimeSpan.FromMinutes(1));
    private readonly ContentRelay _relay = new(Receiver, TimeSpan.Zero, TimeProvider.System);
    private readonly ParameterFetch _fetch;

    public ParameterFetchTests()
    {
        Connect(Publisher, ParameterShelf.SourceName, _shelf);
        Connect(Receiver, ContentRelay.SourceName, _relay);
        _fetch = new ParameterFetch(TestModel.Layout, _channel, _relay, TimeSpan.FromSeconds(5));
    }

    public void Dispose()
    {
        _fetch.Dispose();
        _shelf.Dispose();
    }

    [Fact]
    public async Task A_node_that_holds_the_base_pulls_only_what_changed()
    {
        await FetchAsync(Put(0, _ => 1));
        var second = Put(1, i => i == 5 ? 2 : 1);

        var fetched = await _fetch.PullAsync(second, [], whole: false, None);

        Assert.NotNull(fetched.Delta);
        AssertHolds(fetched, i => i == 5 ? 2 : 1);
    }

    [Fact]
    public async Task A_node_without_the_base_pulls_it_whole()
    {
        Put(0, _ => 1);
        var second = Put(1, i => i == 5 ? 2 : 1);

        var fetched = await _fetch.PullAsync(second, [], whole: false, None);

        Assert.Null(fetched.Delta);
        AssertHolds(fetched, i => i == 5 ? 2 : 1);
    }

    [Fact]
    public async Task Changes_that_cannot_be_had_are_made_up_for_by_the_whole()
    {
        await FetchAsync(Put(0, _ => 1));
        var second = Put(1, i => i == 5 ? 2 : 1);

        var fetched = await _fetch.PullAsync(second with { Delta = second.Delta! with { Content = second.Delta.Content with { Key = "parameters/gone" } } }, [], whole: false, None);

        Assert.Contains("parameters/gone", Assert.Single(fetched.Complaints), StringComparison.Ordinal);
        AssertHolds(fetched, i => i == 5 ? 2 : 1);
    }

    [Theory]
    [InlineData("another base")]
    [InlineData("no delta")]
    public async Task Changes_that_make_another_vector_are_never_used(string what)
    {
        var wrong = what == "no delta" ? [1, 2, 3] : ParameterDelta.Encode(new uint[100], [.. new uint[99], 9])!;
        await FetchAsync(Put(0, _ => 1));
        var second = Put(1, i => i == 5 ? 2 : 1, wrong);

        var fetched = await _fetch.PullAsync(second, [], whole: false, None);

        Assert.Contains("cannot be used", Assert.Throws<ContentUnavailableException>(() => _fetch.Complete(fetched)).Message, StringComparison.Ordinal);
        AssertHolds(await _fetch.PullAsync(second, [], whole: true, None), i => i == 5 ? 2 : 1);
    }

    [Fact]
    public async Task What_was_pulled_is_passed_on_until_the_next_version_is_there()
    {
        using var other = new ParameterFetch(TestModel.Layout, _channel, null, TimeSpan.FromSeconds(5));
        var first = Put(0, _ => 1);
        await FetchAsync(first);
        var second = Put(1, i => i == 5 ? 2 : 1);
        await FetchAsync(second);
        _channel.Disconnect(Publisher);

        using (var passedOn = other.Complete(await other.PullAsync(second, [Receiver], whole: false, None)))
        {
            Assert.Equal(2, passedOn.Values[5]);
        }

        await Assert.ThrowsAsync<ContentUnavailableException>(() => other.PullAsync(first, [Receiver], whole: false, None));
        Assert.Equal(second.Delta!.Content.Length, (await _channel.PullBytesAsync(ContentRelay.At(Receiver, second.Delta.Content), None)).Length);
    }

    [Fact]
    public async Task A_version_that_failed_on_the_way_is_neither_held_nor_passed_on()
    {
        var first = Put(0, _ => 1);
        await Assert.ThrowsAsync<ContentUnavailableException>(() => _fetch.PullAsync(first with { Content = first.Content with { Hash = default } }, [], whole: false, None));
        await Assert.ThrowsAsync<ContentUnavailableException>(() => _fetch.PullAsync(first with { Content = first.Content with { Length = 8 } }, [], whole: false, None));

        var abandoned = await _fetch.PullAsync(first, [], whole: false, None);
        _fetch.Abandon(abandoned);

        Assert.Null(_relay.Open(first.Content.Hash.ToString()));
        Assert.Throws<ObjectDisposedException>(() => abandoned.Whole!.Values.Length);
    }

    [Fact]
    public async Task Everything_is_given_back()
    {
        var parameters = _fetch.Complete(await _fetch.PullAsync(Put(0, _ => 1), [], whole: false, None));
        _fetch.Dispose();
        parameters.Dispose();

        Assert.Throws<ObjectDisposedException>(() => parameters.Values.Length);
    }

    private async Task FetchAsync(ParameterManifest manifest) => _fetch.Complete(await _fetch.PullAsync(manifest, [], whole: false, None)).Dispose();

    private void AssertHolds(FetchedParameters fetched, Func<int, float> value)
    {
        using var parameters = _fetch.Complete(fetched);
        Assert.Equal(Enumerable.Range(0, (int)TestModel.Layout.Count).Select(value), parameters.Values.ToArray());
    }

    private ParameterManifest Put(int number, Func<int, float> value, byte[]? delta = null)
    {
        using var parameters = new ParameterSet(TestModel.Layout);
        for (var i = 0; i < parameters.Values.Length; i++)
        {
            parameters.Values[i] = value(i);
        }

        var @base = _shelf.BorrowNewest();
        delta ??= @base is var (_, newest) ? ParameterContent.DeltaBetween(newest, parameters) : null;
        @base?.Parameters.Dispose();
        return _shelf.Put(
            new PolicyVersion(1, number), parameters, ParameterContent.DigestOf(parameters), delta is null ? null : (@base!.Value.Version, new MemoryContent(delta)))!;
    }

    private void Connect(NodeAddress node, string name, IByteSource source)
    {
        var sources = new ByteSources();
        sources.Add(name, source);
        _channel.Connect(node, sources);
    }
}
