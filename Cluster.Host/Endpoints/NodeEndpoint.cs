using Intellect3.Actors.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>The HTTP endpoint of a node, made of parts. It serves bytes to other nodes, and people who look into the cluster or steer it.</summary>
public sealed class NodeEndpoint : IAsyncDisposable
{
    /// <summary>Of one response: weights are sent in pieces of a megabyte, and the next is copied while one is sent.</summary>
    private const int ResponseBufferBytes = 4 << 20;

    private readonly WebApplication _application;
    private readonly IReadOnlyList<IEndpointPart> _parts;

    private NodeEndpoint(WebApplication application, IReadOnlyList<IEndpointPart> parts, NodeEndpointOptions options)
    {
        (_application, _parts) = (application, parts);
        var bound = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Port = bound.Port;
        Address = new NodeAddress($"http://{options.PublicHost ?? options.Host}:{bound.Port}");
    }

    /// <summary>The port that is bound.</summary>
    public int Port { get; }

    /// <summary>What other nodes reach this endpoint by.</summary>
    public NodeAddress Address { get; }

    /// <summary>Binds the port and serves. The parts are the endpoint's from here on, also when it fails.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<NodeEndpoint> StartAsync(NodeEndpointOptions options, IEnumerable<IEndpointPart> parts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parts);
        IReadOnlyList<IEndpointPart> all = [.. parts];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytes).UseUrls($"http://{options.Host}:{options.Port}");
        var application = builder.Build();
        try
        {
            foreach (var part in all)
            {
                part.Map(application);
            }

            await application.StartAsync(cancellation);
            return new NodeEndpoint(application, all, options);
        }
        catch
        {
            await EndAsync(application, all);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _application.StopAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(_application, _parts);
    }

    private static async Task EndAsync(WebApplication application, IReadOnlyList<IEndpointPart> parts)
    {
        await application.DisposeAsync();
        foreach (var part in parts.OfType<IDisposable>())
        {
            part.Dispose();
        }
    }
}
