using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Parameters;

public sealed class ParameterShelfTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ParameterShelf _shelf;

    public ParameterShelfTests() => _shelf = new ParameterShelf("run", new NodeAddress("loopback://trainer"), _time, TimeSpan.FromSeconds(30));

    public void Dispose() => _shelf.Dispose();

    [Fact]
    public void An_older_version_goes_when_a_newer_one_comes()
    {
        Put(1, 0);
        Put(1, 1);

        Assert.Equal([new PolicyVersion(1, 1)], _shelf.Versions);
        Assert.Null(_shelf.Open("1.0"));
    }

    [Fact]
    public void A_version_that_is_being_asked_for_stays_for_a_while()
    {
        Put(1, 0);
        _shelf.Open("1.0")!.Dispose();
        _time.Advance(TimeSpan.FromSeconds(29));
        Put(1, 1);
        Assert.Equal(2, _shelf.Versions.Count);

        _time.Advance(TimeSpan.FromSeconds(1));
        Put(1, 2);
        Assert.Equal([new PolicyVersion(1, 2)], _shelf.Versions);
    }

    [Fact]
    public void A_new_lineage_clears_the_shelf()
    {
        Put(1, 7);
        _shelf.Open("1.7")!.Dispose();
        Put(2, 0);

        Assert.Equal([new PolicyVersion(2, 0)], _shelf.Versions);
    }

    [Fact]
    public void An_older_version_is_not_taken()
    {
        Put(2, 0);

        Assert.False(Put(1, 9));
        Assert.False(Put(2, 0));
        Assert.Equal(new PolicyVersion(2, 0), _shelf.Newest!.Version);
    }

    [Fact]
    public void Opened_content_outlives_its_place_on_the_shelf()
    {
        Put(1, 0);
        using var content = _shelf.Open("1.0")!;
        Put(2, 0);

        var bytes = new byte[content.Digest.Length];
        content.Read(0, bytes);
        using var expected = TestModel.Parameters(new PolicyVersion(1, 0));
        Assert.Equal(expected.Values[3], BitConverter.ToSingle(bytes, 12));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 9)]
    public void Any_range_can_be_read(int offset, int length)
    {
        Put(1, 0);
        using var content = _shelf.Open("1.0")!;
        var whole = new byte[content.Digest.Length];
        content.Read(0, whole);
        var part = new byte[length];
        content.Read(offset, part);

        Assert.Equal(whole.AsSpan(offset, length).ToArray(), part);
    }

    private bool Put(int lineage, int number)
    {
        var version = new PolicyVersion(lineage, number);
        using var parameters = TestModel.Parameters(version);
        return _shelf.Put(version, parameters, ParameterContent.DigestOf(parameters)) is not null;
    }
}
