using System.Runtime.Serialization;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Serialization;

namespace Intellect3.Actors.Tests.Serialization;

public sealed class WireSerializerTests() : TestKit(TestHocon.Strict)
{
    private static readonly WireTypes TestTypes = new(typeof(WireSerializerTests).GetNestedTypes(System.Reflection.BindingFlags.NonPublic));

    public static TheoryData<string> Manifests { get; } = [.. WireTypes.Default.All.Select(t => t.Manifest)];

    private WireSerializer Serializer => new((ExtendedActorSystem)Sys, TestTypes);

    [WireProtocol("test", 3)]
    private interface ITestMessage : IWireMessage;

    private enum Colour
    {
        Red = 1,
        Blue = 7,
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Every_wire_type_survives_the_way(string manifest)
    {
        var message = new SampleMessages(TestActor).Make(WireTypes.Default.Find(manifest)!.Type);

        var serializer = Sys.Serialization.FindSerializerFor(message);
        var bytes = serializer.ToBinary(message);
        var back = Sys.Serialization.Deserialize(bytes, serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message));

        Assert.IsType<WireSerializer>(serializer);
        Assert.Equal(SampleMessages.Show(message), SampleMessages.Show(back));
    }

    [Fact]
    public void Every_shape_survives_the_way()
    {
        var message = new SampleMessages(TestActor).Make(typeof(Everything));

        var back = Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));

        Assert.Equal(SampleMessages.Show(message), SampleMessages.Show(back));
        Assert.Equal("test/3/Everything", Serializer.Manifest(message));
    }

    [Fact]
    public void What_may_be_null_may_be_null()
    {
        var message = new Optional(null, null, null, [], null);

        Assert.Equal(SampleMessages.Show(message), SampleMessages.Show(Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message))));
    }

    [Fact]
    public void What_must_not_be_null_is_refused_by_name()
    {
        var refused = Assert.Throws<SerializationException>(() => Serializer.ToBinary(new Inner(null!, 1)));

        Assert.Equal("Inner.Name is null", refused.Message);
    }

    [Fact]
    public void A_message_over_the_limit_is_refused_with_its_name()
    {
        var message = new Inner(new string('x', WireSerializer.MaxMessageBytes), 1);

        EventFilter.Error(contains: "test/3/Inner").ExpectOne(() =>
            Assert.Contains("test/3/Inner", Assert.Throws<SerializationException>(() => Serializer.ToBinary(message)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_largest_message_is_remembered()
    {
        var bytes = Serializer.ToBinary(new Inner(new string('x', WireSerializer.MaxMessageBytes - 100), 1));

        Assert.InRange(WireSerializer.LargestMessageBytes, bytes.Length, WireSerializer.MaxMessageBytes);
    }

    [Theory]
    [InlineData("test/2/Inner")]
    [InlineData("test/3/Outer")]
    [InlineData("")]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    public void An_unknown_manifest_is_refused(string manifest)
    {
        var bytes = Serializer.ToBinary(new Inner("a", 1));

        Assert.Contains($"'{manifest}'", Assert.Throws<SerializationException>(() => Serializer.FromBinary(bytes, manifest)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bytes_of_another_message_are_refused()
    {
        var bytes = Serializer.ToBinary(new Inner("a", 1));

        Assert.Throws<SerializationException>(() => Serializer.FromBinary(bytes, "test/3/Everything"));
    }

    [Fact]
    public void No_cut_of_a_message_is_a_message()
    {
        var bytes = Serializer.ToBinary(new SampleMessages(TestActor).Make(typeof(Everything)));

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<SerializationException>(() => Serializer.FromBinary(bytes[..length], "test/3/Everything"));
        }

        Assert.Throws<SerializationException>(() => Serializer.FromBinary([.. bytes, 0], "test/3/Everything"));
    }

    [Fact]
    public void Changed_bytes_are_a_message_or_refused_and_nothing_else()
    {
        var serializer = Serializer;
        var bytes = serializer.ToBinary(new SampleMessages(TestActor).Make(typeof(Everything)));
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var changed = (byte[])bytes.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.IsType<Everything>(serializer.FromBinary(changed, "test/3/Everything"));
            }
            catch (SerializationException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 4_999);
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var serializer = Serializer;
        var random = new Random(2);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            Assert.Throws<SerializationException>(() => serializer.FromBinary(bytes, "test/3/Everything"));
        }
    }

    [Theory]
    [InlineData(252)] // an array of whatever follows
    [InlineData(255)] // a type by name
    [InlineData(251)] // a type by name, with its fields
    [InlineData(9)] // a byte array
    [InlineData(16)] // a System.Type
    public void Hyperions_other_beginnings_are_refused(byte first) =>
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([first, 1, 255, 255, 255, 127, 0, 0, 0, 0], "test/3/Inner"));

    [Fact]
    public void What_is_bound_to_no_serializer_is_refused_in_both_directions()
    {
        Assert.Throws<SerializationException>(() => Sys.Serialization.FindSerializerFor(new Unbound("a")).ToBinary(new Unbound("a")));
        var gadget = """{"$type":"System.Diagnostics.ProcessStartInfo, System.Diagnostics.Process","FileName":"ls"}"""u8.ToArray();
        Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize(gadget, 1, ""));
    }

    private sealed record Unbound(string Text);

    private sealed record Inner(string Name, int Number) : ITestMessage;

    private sealed record Optional(string? Text, Inner? Inner, IActorRef? Actor, IReadOnlyList<int> Empty, Point? Point) : ITestMessage;

    private readonly record struct Point(float X, long Y);

    private sealed record Everything(
        bool Flag,
        byte Byte,
        short Short,
        int Int,
        long Long,
        uint UInt,
        ulong ULong,
        float Float,
        double Double,
        Guid Guid,
        DateTimeOffset Time,
        TimeSpan Duration,
        string Text,
        string? OptionalText,
        Colour Colour,
        Colour? OptionalColour,
        IActorRef Actor,
        Point Point,
        Point? OptionalPoint,
        Inner Inner,
        IReadOnlyList<Inner> Inners,
        IReadOnlyList<int> Numbers,
        IReadOnlyDictionary<string, double> Metrics,
        IReadOnlyDictionary<string, IReadOnlyList<Point>> Points) : ITestMessage
    {
        public string? Extra { get; init; }

        public int Sum => Int + (int)Long;
    }
}
