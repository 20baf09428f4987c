using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Intellect3.Model.Files.Safetensors;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Tests.Files;

/// <summary>Whatever is written comes back to the bit; whatever else a file holds, the reader says what is wrong with it.</summary>
public sealed class SafetensorsTests : IDisposable
{
    private const string Header = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]}}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_comes_back_to_the_bit()
    {
        float[] odd = [0, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, 1 / 3f];
        SafetensorsWriter.Write(_folder["a"], [new("z", [2, 3], 0), new("empty", [0, 5], 6), new("scalar", [], 6)], tensor => tensor.Name == "z" ? odd : tensor.Name == "empty" ? [] : [7f]);
        using var file = SafetensorsFile.Open(_folder["a"]);
        Assert.Equal(["empty", "scalar", "z"], file.Entries.Keys);
        Assert.Equal([2L, 3], file.Entries["z"].Shape);
        var read = new float[6];
        file.ReadSingles("z", read);
        Assert.Equal(MemoryMarshal.AsBytes<float>(odd), MemoryMarshal.AsBytes<float>(read));
        Assert.Equal([7f], file.ReadArray<float>("scalar"));
        Assert.Empty(file.ReadArray<float>("empty"));
    }

    [Fact]
    public void The_file_does_not_depend_on_the_order_of_the_tensors()
    {
        float[] values = [1, 2, 3, 4];
        TensorSpec[] tensors = [new("b", [1], 0), new("a", [2], 1), new("B", [1], 3)];
        SafetensorsWriter.Write(_folder["1"], tensors, tensor => values.AsSpan((int)tensor.Offset, (int)tensor.Count));
        SafetensorsWriter.Write(_folder["2"], tensors.Reverse(), tensor => values.AsSpan((int)tensor.Offset, (int)tensor.Count));
        Assert.Equal(File.ReadAllBytes(_folder["1"]), File.ReadAllBytes(_folder["2"]));
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(File.ReadAllBytes(_folder["1"])) % 8);
    }

    [Fact]
    public void A_file_of_the_reference_implementation_is_written_again_byte_by_byte()
    {
        var original = Path.Combine(AppContext.BaseDirectory, "Fixtures", "models", "qwen3-f32", "model.safetensors");
        using var file = SafetensorsFile.Open(original);
        var tensors = file.Entries.Values.Select(entry => new TensorSpec(entry.Name, [.. entry.Shape.Select(size => (int)size)], 0));
        SafetensorsWriter.Write(_folder["copy"], tensors, tensor => file.ReadArray<float>(tensor.Name));
        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(_folder["copy"]));
    }

    [Fact]
    public void A_tensor_of_several_chunks_comes_back()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 20) + 3).Select(i => (float)i)];
        SafetensorsWriter.Write(_folder["long"], [new("t", [values.Length], 0)], _ => values);
        using var file = SafetensorsFile.Open(_folder["long"]);
        var read = new float[values.Length];
        file.ReadSingles("t", read);
        Assert.True(values.AsSpan().SequenceEqual(read));
        Assert.True(values.AsSpan().SequenceEqual(file.ReadArray<float>("t")));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        File.WriteAllText(_folder["a"], "old");
        Assert.Throws<IOException>(() => SafetensorsWriter.Write(_folder["a"], [new("t", [1], 0)], _ => throw new IOException("no space left")));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["a"], [new("t", [1], 0)], _ => [1, 2]));
        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Equal([_folder["a"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_smaller_types_are_read_as_singles()
    {
        AssertRead("BF16", [0x80, 0x3f, 0x49, 0xc0, 0x80, 0x7f], [1, -3.140625f, float.PositiveInfinity]);
        AssertRead("F16", [0x00, 0x3c, 0x01, 0x00, 0x55, 0x35], [1, 5.9604645e-8f, 0.33325195f]);
        AssertRead("F64", MemoryMarshal.AsBytes<double>(new[] { 0.1, -2.5, 1e300 }).ToArray(), [0.1f, -2.5f, float.PositiveInfinity]);
    }

    [Theory]
    [InlineData("not there", 4, "has no tensor 'not there'")]
    [InlineData("a", 3, "has 4 elements, not 3")]
    public void A_tensor_that_is_not_there_is_named(string name, int count, string message)
    {
        using var file = Open(Header, new byte[22]);
        Assert.Contains(message, Assert.Throws<SafetensorsException>(() => file.ReadSingles(name, new float[count])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_are_no_weights()
    {
        using var file = Open("""{"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", new byte[8]);
        Assert.Contains("'i' is I64", Assert.Throws<SafetensorsException>(() => file.ReadSingles("i", new float[1])).Message, StringComparison.Ordinal);
        Assert.Throws<SafetensorsException>(() => file.ReadArray<float>("i"));
        Assert.Equal([0L], file.ReadArray<long>("i"));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "damaged header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fill")]
    [InlineData("""{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""", "element type F99 is not one of")]
    [InlineData("""{"a":{"dtype":null,"shape":[2],"data_offsets":[0,8]}}""", "damaged header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}}""", "comes after a gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "has 8 bytes after its last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}""", "is truncated: its tensors need 32 bytes, and 16 are there")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "begin <= end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "begin <= end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "begin <= end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2,-1],"data_offsets":[0,8]}}""", "damaged header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "damaged header")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "damaged header")]
    [InlineData("""{"a":7}""", "damaged header")]
    [InlineData("[]", "damaged header")]
    [InlineData("", "claims a header of 0 bytes")]
    public void A_header_that_makes_no_sense_is_refused(string header, string message)
    {
        var thrown = Assert.Throws<SafetensorsException>(() => Open(header, new byte[16]));
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
        Assert.StartsWith(_folder["file"], thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    [InlineData(50UL)]
    public void An_absurd_header_length_is_refused(ulong length)
    {
        var bytes = new byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        File.WriteAllBytes(_folder["file"], bytes);
        Assert.Contains($"claims a header of {length.ToString(CultureInfo.InvariantCulture)} bytes", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(_folder["file"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_found()
    {
        var whole = Bytes(Header, new byte[22]);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["file"], whole[..length]);
            Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(_folder["file"]));
        }
    }

    [Property(MaxTest = 300)]
    public void Random_bytes_give_no_other_exception(byte[] bytes) => ReadAll(bytes);

    [Property(MaxTest = 300)]
    public void A_random_header_gives_no_other_exception(byte[] header, byte[] data) => ReadAll(Bytes(header, data));

    /// <summary>A valid header with some of its pieces replaced by others that JSON may hold.</summary>
    [Property(MaxTest = 500)]
    public Property A_garbled_header_gives_no_other_exception()
    {
        string[] pieces = ["\"F32\"", "\"BF16\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "[2,2]", "[3]", "[0,16]", "[16,22]", "{\"format\":\"pt\"}", "\"a\"", "\"b\""];
        string[] others = ["null", "-1", "1e99", "0.5", "[]", "{}", "\"\"", "9223372036854775807", "[9223372036854775807,9223372036854775807]", "true", "\"a\"", "\"\\ud800\"", "[[1]]"];
        var replacement = from piece in Gen.Elements(pieces) from other in Gen.Elements(others) select (piece, other);
        return Prop.ForAll(replacement.ArrayOf().ToArbitrary(), replacements =>
            ReadAll(Bytes(replacements.Aggregate(Header, (header, r) => header.Replace(r.piece, r.other, StringComparison.Ordinal)), new byte[22])));
    }

    private static byte[] Bytes(string header, byte[] data) => Bytes(Encoding.UTF8.GetBytes(header), data);

    private static byte[] Bytes(byte[] header, byte[] data)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }

    private SafetensorsFile Open(string header, byte[] data)
    {
        File.WriteAllBytes(_folder["file"], Bytes(header, data));
        return SafetensorsFile.Open(_folder["file"]);
    }

    /// <summary>Reads whatever can be read; fails on any exception but the reader's own.</summary>
    private void ReadAll(byte[] bytes)
    {
        File.WriteAllBytes(_folder["file"], bytes);
        try
        {
            using var file = SafetensorsFile.Open(_folder["file"]);
            foreach (var entry in file.Entries.Values)
            {
                file.ReadSingles(entry.Name, new float[entry.Count]);
            }
        }
        catch (SafetensorsException exception)
        {
            Assert.StartsWith(_folder["file"], exception.Message, StringComparison.Ordinal);
        }
    }

    private void AssertRead(string type, byte[] data, float[] expected)
    {
        using var file = Open($$$"""{"t":{"dtype":"{{{type}}}","shape":[{{{expected.Length}}}],"data_offsets":[0,{{{data.Length}}}]}}""", data);
        var read = new float[expected.Length];
        file.ReadSingles("t", read);
        Assert.Equal(expected, read);
    }
}
