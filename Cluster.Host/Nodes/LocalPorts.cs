using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Intellect3.Model.Files;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>The ports of a cluster on this machine: free ones when they are first asked for, and the same ones ever after, since they are remembered in its data directory.</summary>
public sealed class LocalPorts
{
    private const string FileName = "ports.json";

    private readonly string _path;
    private readonly SortedDictionary<string, int> _ports;

    /// <param name="data">The cluster's data directory; exists.</param>
    /// <exception cref="CommandException">What is remembered there cannot be read.</exception>
    public LocalPorts(string data)
    {
        _path = Path.Combine(data, FileName);
        try
        {
            _ports = File.Exists(_path) ? new(JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(_path)) ?? [], StringComparer.Ordinal) : new(StringComparer.Ordinal);
        }
        catch (JsonException exception)
        {
            throw new CommandException($"{_path} is damaged", exception.Message, "Remove it: other ports are chosen then.");
        }
    }

    /// <summary>The port of a name.</summary>
    public int Of(string name)
    {
        if (!_ports.TryGetValue(name, out var port))
        {
            do
            {
                port = Free();
            }
            while (_ports.ContainsValue(port));

            _ports[name] = port;
            AtomicFile.WriteText(_path, JsonSerializer.Serialize(_ports));
        }

        return port;
    }

    private static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
