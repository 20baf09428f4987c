using System.Text.Json;
using Intellect3.Model.Files;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>The data directory of a node: one process at a time has it, and it remembers the cluster's members across restarts.</summary>
public sealed class NodeData : IDisposable
{
    private const string MembersName = "members.json";

    private readonly FileStream _lock;

    private NodeData(string root, FileStream @lock) => (Root, _lock) = (root, @lock);

    /// <summary>The absolute path.</summary>
    public string Root { get; }

    /// <summary>Makes the directory if there is none, and claims it.</summary>
    /// <exception cref="CommandException">It cannot be written to, or another process has it.</exception>
    public static NodeData Open(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(root);
            return new NodeData(root, new FileStream(Path.Combine(root, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the data directory {path} cannot be used", exception.Message, "Give each node a --data-dir of its own, which it may write to.");
        }
    }

    /// <summary>The members that were known last; none when there is no such file, or a damaged one.</summary>
    public IReadOnlyList<RememberedNode> Remembered()
    {
        try
        {
            return JsonSerializer.Deserialize<RememberedNode[]>(File.ReadAllText(Path.Combine(Root, MembersName)), Json.Options) ?? [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Remembers the members. A disk that fails costs the memory and nothing else.</summary>
    public void Remember(IEnumerable<RememberedNode> nodes)
    {
        try
        {
            AtomicFile.WriteText(Path.Combine(Root, MembersName), JsonSerializer.Serialize(nodes, Json.Options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"the members could not be remembered in {Root}: {exception.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();
}
