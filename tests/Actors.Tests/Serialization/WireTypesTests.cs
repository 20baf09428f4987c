using Akka.Actor;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Serialization;

namespace Intellect3.Actors.Tests.Serialization;

public sealed class WireTypesTests
{
    [WireProtocol("broken", 1)]
    private interface IBroken : IWireMessage;

    [Fact]
    public void The_wire_types_are_the_approved_ones()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Approved", "wire-types.txt");
        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        var actual = WireTypes.Default.ToApprovedText();
        if (approved == actual)
        {
            return;
        }

        var received = Path.Combine(AppContext.BaseDirectory, "wire-types.received.txt");
        File.WriteAllText(received, actual);
        Assert.Fail($"""
            The wire types differ from tests/Actors.Tests/Approved/wire-types.txt (- approved, + now):
            {string.Join("\n", LineDiff.Of(approved.Split('\n'), actual.Split('\n')))}
            If that is meant, raise the version of each protocol that changed and copy {received} over the approved file.
            """);
    }

    [Fact]
    public void Every_manifest_is_its_own() => Assert.Equal(WireTypes.Default.All.Count, WireTypes.Default.All.Select(t => t.Manifest).Distinct().Count());

    [Theory]
    [InlineData(typeof(HasObject), "HasObject.Content is a System.Object, which may not travel")]
    [InlineData(typeof(HasArray), "HasArray.Ids is a System.Int32[], which may not travel")]
    [InlineData(typeof(HasInterface), "HasInterface.Inner is a Intellect3.Actors.Messages.IWireMessage, which may not travel")]
    [InlineData(typeof(HasItself), "HasItself.Next contains HasItself within itself")]
    [InlineData(typeof(HasHiddenState), "HasHiddenState (HasHiddenState) has state beside its settable properties")]
    [InlineData(typeof(NoRecord), "NoRecord is a NoRecord, which is not a sealed record")]
    [InlineData(typeof(OpenRecord), "OpenRecord is a OpenRecord, which is not a sealed record")]
    [InlineData(typeof(NoProtocol), "NoProtocol must implement the interface of exactly one protocol, it implements 0")]
    public void A_type_that_breaks_a_rule_is_named(Type type, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<InvalidOperationException>(() => new WireTypes([type])).Message, StringComparison.Ordinal);

    private sealed record HasObject(object Content) : IBroken;

    private sealed record HasArray(int[] Ids) : IBroken;

    private sealed record HasInterface(IWireMessage Inner) : IBroken;

    private sealed record HasItself(IReadOnlyList<HasItself> Next) : IBroken;

    private sealed record HasHiddenState(int Seen) : IBroken
    {
        private readonly IActorRef? _hidden = ActorRefs.Nobody;

        public bool IsHidden => _hidden is not null;
    }

    private sealed class NoRecord : IBroken;

    private record OpenRecord(int A) : IBroken;

    private sealed record Derived(int A) : OpenRecord(A);

    private sealed record NoProtocol(int A) : IWireMessage;
}
