using Intellect3.Actors.Transport;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Validation;

namespace Intellect3.Actors.Injection;

/// <summary>Brings a package from wherever it is to a validated child process on this node. Thread-safe.</summary>
internal sealed class EnvironmentInstaller(EnvironmentHostOptions options, PackageStore store, IByteChannel channel)
{
    /// <summary>Pulls the package unless the node has it, checks that it is the one that was meant, starts its child and validates it.</summary>
    /// <param name="key">What it must be.</param>
    /// <param name="source">Where it is pulled.</param>
    /// <param name="validating">Called once the child runs.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="PackageException">It cannot be used here; the message says why.</exception>
    public async Task<ChildEnvironment> InstallAsync(EnvironmentKey key, ContentRef source, Action validating, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(options.InstallDeadline);
        try
        {
            var package = store.Has(key.Hash) ? store.Open(key) : await PullAsync(key, source, deadline.Token);
            var folder = Path.Combine(Directory.CreateDirectory(options.Folder).FullName, key.Hash);
            package.Unpack(folder);
            return await StartAsync(key, folder, validating, deadline.Token);
        }
        catch (ContentUnavailableException e)
        {
            throw new PackageException($"its bytes could not be pulled: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackageException($"it could not be written to {options.Folder}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PackageException($"it was not up and validated within {options.InstallDeadline.TotalSeconds:0} s", e);
        }
    }

    private async Task<EnvironmentPackage> PullAsync(EnvironmentKey key, ContentRef source, CancellationToken cancellation)
    {
        if (source.Length > PackageLimits.Default.PackedBytes)
        {
            throw new PackageException($"it has {source.Length} bytes; {PackageLimits.Default.PackedBytes} are allowed");
        }

        var bytes = await channel.PullBytesAsync(source, cancellation);
        if (EnvironmentPackage.HashOf(bytes) is var hash && hash != key.Hash)
        {
            throw new PackageException($"other bytes came than the cluster pinned: their SHA-256 is {hash}");
        }

        var package = EnvironmentPackage.Read(bytes);
        if (package.Key != key)
        {
            throw new PackageException($"the package is {package.Key}");
        }

        if (store.Find(key.Name, key.Version) is null)
        {
            store.Keep(package);
        }

        return package;
    }

    private async Task<ChildEnvironment> StartAsync(EnvironmentKey key, string folder, Action validating, CancellationToken cancellation)
    {
        var child = await ChildEnvironment.StartAsync(key, folder, options.Child, cancellation);
        try
        {
            validating();
            var report = await EnvironmentValidator.ValidateAsync(child, cancellation);
            return report.IsValid ? child : throw new PackageException(string.Join("; ", report.Problems));
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }
}
