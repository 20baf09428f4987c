using System.Reflection;
using System.Runtime.Loader;
using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Packages;

/// <summary>Loads the task set of an unpacked package into this process. For a child process: nothing that was loaded goes away again.</summary>
internal static class PackageLoader
{
    /// <param name="folder">Where the package was unpacked.</param>
    /// <exception cref="PackageException">It has no task set, or more than one.</exception>
    public static Taskset Load(string folder)
    {
        var path = EnvironmentPackage.OfFolder(folder);
        var assembly = new PackageLoadContext(path).LoadFromAssemblyPath(path);
        var types = assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Taskset)) && !type.IsAbstract).ToList();
        return types switch
        {
            [var type] when type.GetConstructor(Type.EmptyTypes) is not null => Create(type),
            [var type] => throw new PackageException($"{type.Name} has no public constructor without parameters. Give it one: nobody else makes the task set."),
            [] => throw new PackageException($"{Path.GetFileName(path)} has no public task set. Derive one class from Taskset and make it public."),
            _ => throw new PackageException($"{Path.GetFileName(path)} has {types.Count} task sets ({string.Join(", ", types.Select(type => type.Name))}). A package holds one."),
        };
    }

    private static Taskset Create(Type type)
    {
        try
        {
            var taskset = (Taskset)Activator.CreateInstance(type)!;
            _ = new TasksetRegistry([taskset]);
            return taskset;
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            throw new PackageException($"the constructor of {type.Name} threw {inner.GetType().Name}: {inner.Message}", inner);
        }
    }

    /// <summary>What the package brings is its own; the SDK is the node's, so that both sides mean the same types.</summary>
    private sealed class PackageLoadContext(string path) : AssemblyLoadContext("environment")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name == typeof(Taskset).Assembly.GetName().Name)
            {
                return typeof(Taskset).Assembly;
            }

            var beside = Path.Combine(Path.GetDirectoryName(path)!, assemblyName.Name + ".dll");
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } resolved ? LoadFromAssemblyPath(resolved)
                : File.Exists(beside) ? LoadFromAssemblyPath(beside)
                : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } resolved ? LoadUnmanagedDllFromPath(resolved) : 0;
    }
}
