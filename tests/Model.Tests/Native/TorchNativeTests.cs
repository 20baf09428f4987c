using System.Security.Cryptography;
using Intellect3.Model.Native;

namespace Intellect3.Model.Tests.Native;

public sealed class TorchNativeTests : IDisposable
{
    private const string Version = "GLIBCXX_3.4.32";

    private readonly string _folder = Directory.CreateTempSubdirectory("intellect3-native-").FullName;

    private static string Stock => TorchNative.Status.LibraryPath ?? Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Torch_computes_on_this_system()
    {
        Skip.If(TorchNative.Status.Failure is not null, TorchNative.Status.Failure ?? string.Empty);
        TorchNative.EnsureLoaded();
        using var one = TorchSharp.torch.ones(3);
        using var sum = one.sum();
        Assert.Equal(3f, sum.item<float>());
        Assert.StartsWith("2.10.0", TorchNative.Describe().Version, StringComparison.Ordinal);
        Assert.InRange(TorchNative.Describe().Threads, 1, Environment.ProcessorCount);
    }

    [SkippableFact]
    public void The_copy_differs_in_one_byte_and_the_original_stays()
    {
        SkipUnlessLinux();
        var before = SHA256.HashData(File.ReadAllBytes(Stock));
        var copy = PatchedCopy.Ensure(Stock, _folder, Version);

        var original = File.ReadAllBytes(Stock);
        var patched = File.ReadAllBytes(copy);
        Assert.Equal(before, SHA256.HashData(original));
        Assert.Equal(original.Length, patched.Length);
        Assert.Single(original.Zip(patched), pair => pair.First != pair.Second);
        Assert.Equal(copy, PatchedCopy.Ensure(Stock, _folder, Version));
    }

    [SkippableFact]
    public void A_damaged_copy_is_written_again()
    {
        SkipUnlessLinux();
        var copy = PatchedCopy.Ensure(Stock, _folder, Version);
        var good = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, [1, 2, 3]);
        Assert.Equal(good, File.ReadAllBytes(PatchedCopy.Ensure(Stock, _folder, Version)));
    }

    [SkippableFact]
    public async Task Two_that_race_agree()
    {
        SkipUnlessLinux();
        var copies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PatchedCopy.Ensure(Stock, _folder, Version))));
        Assert.Single(copies.Distinct());
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(copies[0])!));
    }

    [SkippableFact]
    public void A_folder_that_cannot_be_written_is_named_with_the_ways_out()
    {
        SkipUnlessLinux();
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "in the way");
        var exception = Assert.Throws<TorchNativeException>(() => PatchedCopy.Ensure(Stock, file, Version));
        Assert.Contains(TorchNative.CacheVariable, exception.Message, StringComparison.Ordinal);
        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(5000)]
    public void A_truncated_library_is_a_clear_error(int length)
    {
        SkipUnlessLinux();
        var bytes = File.ReadAllBytes(Stock)[..length];
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(bytes, Version));
    }

    [SkippableFact]
    public void A_version_that_is_used_or_not_needed_is_refused()
    {
        SkipUnlessLinux();
        var bytes = File.ReadAllBytes(Stock);
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(bytes, "GLIBCXX_3.4"));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MarkWeak(bytes, "GLIBCXX_9.9.9"));
    }

    private static void SkipUnlessLinux() => Skip.IfNot(OperatingSystem.IsLinux(), "ELF libraries are a matter of Linux");
}
