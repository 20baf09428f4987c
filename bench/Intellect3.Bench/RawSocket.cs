using System.Net;
using System.Net.Sockets;
using Intellect3.Actors.Transport;
using Intellect3.Model.Parameters;

namespace Intellect3.Bench;

/// <summary>The yardstick of the byte channel: a TCP socket that sends a vector as it is, to readers that hash every chunk as the channel does. One connection a transfer.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ParameterSet _parameters;
    private readonly ContentDigest _digest;

    public RawSocket(ParameterSet parameters, ContentDigest digest)
    {
        (_parameters, _digest) = (parameters, digest);
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>Reads the whole vector on threads of their own, one a receiver, into a set each.</summary>
    public void Receive(IReadOnlyList<ParameterSet> receivers)
    {
        var threads = receivers.Select(r => new Thread(() => Receive(r))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }

    public void Dispose() => _listener.Stop();

    private void Receive(ParameterSet destination)
    {
        using var client = new TcpClient();
        client.Connect((IPEndPoint)_listener.LocalEndpoint);
        for (var i = 0; i < _digest.Chunks.Count; i++)
        {
            var chunk = Chunk(destination, i);
            for (var read = 0; read < chunk.Length;)
            {
                read += client.Client.Receive(chunk[read..]);
            }

            if (ContentHash.Of(chunk) != _digest.Chunks[i])
            {
                throw new InvalidDataException("damaged");
            }
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                new Thread(() => Send(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Send(Socket socket)
    {
        using (socket)
        {
            for (var i = 0; i < _digest.Chunks.Count; i++)
            {
                for (var chunk = Chunk(_parameters, i); chunk.Length > 0;)
                {
                    chunk = chunk[socket.Send(chunk)..];
                }
            }
        }
    }

    private static Span<byte> Chunk(ParameterSet parameters, int index)
    {
        const int Elements = ContentDigest.ChunkBytes / sizeof(float);
        var values = parameters.Values[(index * Elements)..];
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(values[..Math.Min(Elements, values.Length)]);
    }
}
