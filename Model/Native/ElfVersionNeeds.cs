using System.Buffers.Binary;
using System.Text;

namespace Intellect3.Model.Native;

/// <summary>
/// Marks one version need of an ELF64 x86-64 library as weak, so that glibc loads it although an installed dependency is too old to define that version.
/// Safe only where nothing is bound to the version: a relocation against it is refused.
/// </summary>
/// <remarks>System V gABI, "Symbol Versioning": Elf64_Verneed is 16 bytes, each Vernaux too, its flags at offset 4.</remarks>
internal static class ElfVersionNeeds
{
    private const uint SectionDynamicSymbols = 11;
    private const uint SectionVersionSymbols = 0x6fffffff;
    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const uint SectionRelocations = 4;
    private const ushort WeakFlag = 2;

    /// <summary>Returns a copy of <paramref name="library"/> in which the need for <paramref name="version"/> is weak.</summary>
    /// <exception cref="InvalidDataException">The bytes are not such a library, are truncated, do not need that version, or use it.</exception>
    public static byte[] MarkWeak(ReadOnlySpan<byte> library, string version)
    {
        if (library.Length < 64 || !library[..4].SequenceEqual("\u007fELF"u8) || library[4] != 2 || library[5] != 1 || U16(library, 18) != 62)
        {
            throw new InvalidDataException("not a little-endian ELF64 library for x86-64");
        }

        var patched = library.ToArray();
        var sections = Sections(library);
        var (flagsAt, index) = FindNeed(library, sections, version);
        RefuseIfUsed(library, sections, index, version);
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(flagsAt), (ushort)(U16(library, flagsAt) | WeakFlag));
        return patched;
    }

    private static List<Section> Sections(ReadOnlySpan<byte> file)
    {
        var table = Offset(file, 0x28);
        var size = U16(file, 0x3A);
        var count = U16(file, 0x3C);
        if (size < 64)
        {
            throw new InvalidDataException($"section headers of {size} bytes");
        }

        var sections = new List<Section>(count);
        for (var i = 0; i < count; i++)
        {
            var at = checked(table + i * size);
            sections.Add(new Section(U32(file, at + 4), Offset(file, at + 24), Offset(file, at + 32), (int)U32(file, at + 40), (int)U32(file, at + 44)));
        }

        return sections;
    }

    private static (int FlagsAt, ushort Index) FindNeed(ReadOnlySpan<byte> file, List<Section> sections, string version)
    {
        foreach (var section in sections.Where(s => s.Type == SectionVersionNeeds))
        {
            var names = SectionAt(sections, section.Link).Offset;
            var need = section.Offset;
            for (var i = 0; i < section.Info; i++)
            {
                var aux = checked(need + (int)U32(file, need + 8));
                for (var j = U16(file, need + 2); j > 0; j--)
                {
                    if (Text(file, names + (int)U32(file, aux + 8)) == version)
                    {
                        return (aux + 4, U16(file, aux + 6));
                    }

                    aux = checked(aux + (int)U32(file, aux + 12));
                }

                need = checked(need + (int)U32(file, need + 12));
            }
        }

        throw new InvalidDataException($"the library does not need {version}");
    }

    /// <summary>A relocation whose symbol carries the version means that the missing symbol is really called.</summary>
    private static void RefuseIfUsed(ReadOnlySpan<byte> file, List<Section> sections, ushort versionIndex, string version)
    {
        var versions = sections.Find(s => s.Type == SectionVersionSymbols);
        if (versions is null || !sections.Exists(s => s.Type == SectionDynamicSymbols))
        {
            throw new InvalidDataException("the library has no versioned symbols");
        }

        foreach (var section in sections.Where(s => s.Type == SectionRelocations && SectionAt(sections, s.Link).Type == SectionDynamicSymbols))
        {
            for (var at = section.Offset; at + 24 <= section.Offset + section.Size; at += 24)
            {
                var symbol = checked((int)U32(file, at + 12));
                if (symbol != 0 && (U16(file, checked(versions.Offset + symbol * 2)) & 0x7fff) == versionIndex)
                {
                    throw new InvalidDataException($"the library really uses a symbol of {version}");
                }
            }
        }
    }

    private static Section SectionAt(List<Section> sections, int index) =>
        (uint)index < (uint)sections.Count ? sections[index] : throw new InvalidDataException($"section {index} does not exist");

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> file, int at, int count) =>
        at >= 0 && at <= file.Length - count ? file.Slice(at, count) : throw new InvalidDataException($"offset {at} lies outside the file");

    private static ushort U16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(At(file, at, 2));

    private static uint U32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(At(file, at, 4));

    private static int Offset(ReadOnlySpan<byte> file, int at)
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(At(file, at, 8));
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"offset {value} lies outside the file");
    }

    private static string Text(ReadOnlySpan<byte> file, int at)
    {
        var rest = At(file, at, 1).IsEmpty ? [] : file[at..];
        var end = rest.IndexOf((byte)0);
        return end < 0 ? throw new InvalidDataException("a name has no end") : Encoding.ASCII.GetString(rest[..end]);
    }

    private sealed record Section(uint Type, int Offset, int Size, int Link, int Info);
}
