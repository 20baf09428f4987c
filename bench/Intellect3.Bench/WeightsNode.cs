using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Bench;

/// <summary>What a node has for weights, without its actors: an endpoint, a channel, a shelf, a relay and what fetches.</summary>
internal sealed class WeightsNode : IAsyncDisposable
{
    private readonly NodeEndpoint _endpoint;
    private readonly ParameterShelf _shelf;

    private WeightsNode(NodeEndpoint endpoint, ByteSources sources, ParameterLayout layout)
    {
        _endpoint = endpoint;
        _shelf = new ParameterShelf("bench", endpoint.Address, TimeProvider.System, TimeSpan.FromMinutes(1));
        Relay = new ContentRelay(endpoint.Address, TimeSpan.FromSeconds(1), TimeProvider.System);
        sources.Add(ParameterShelf.SourceName, _shelf);
        sources.Add(ContentRelay.SourceName, Relay);
        Channel = new HttpByteChannel();
        Fetch = new ParameterFetch(layout, Channel, Relay, TimeSpan.FromSeconds(30));
    }

    public ContentRelay Relay { get; }

    /// <summary>Pulls over the network from every node, itself included.</summary>
    public HttpByteChannel Channel { get; }

    public ParameterFetch Fetch { get; }

    /// <param name="uplink">Bytes a second; 0 for no limit.</param>
    public static async Task<WeightsNode> StartAsync(ParameterLayout layout, long uplink)
    {
        var sources = new ByteSources();
        var endpoint = await NodeEndpoint.StartAsync(new NodeEndpointOptions(), [new BytesEndpoint(sources, UplinkLimit.Of(uplink, TimeProvider.System))], CancellationToken.None);
        return new WeightsNode(endpoint, sources, layout);
    }

    /// <summary>Puts a version on the shelf, with the changes since the one before.</summary>
    public ParameterManifest Publish(int number, ParameterSet parameters, byte[]? delta)
    {
        // Still served when the next one is there.
        _shelf.Open($"1.{number - 1}")?.Dispose();
        return _shelf.Put(
            new PolicyVersion(1, number), parameters, ParameterContent.DigestOf(parameters), delta is null ? null : (new PolicyVersion(1, number - 1), new MemoryContent(delta)))!;
    }

    public async ValueTask DisposeAsync()
    {
        Fetch.Dispose();
        Channel.Dispose();
        await _endpoint.DisposeAsync();
        _shelf.Dispose();
    }
}
