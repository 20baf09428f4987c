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

    private NodeEndpoint(WebApplication application, NodeEndpointOptions options)
    {
        _application = application;
        var bound = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Port = bound.Port;
        Address = new NodeAddress($"http://{options.PublicHost ?? options.Host}:{bound.Port}");
    }

    /// <summary>The port that is bound.</summary>
    public int Port { get; }

    /// <summary>What other nodes reach this endpoint by.</summary>
    public NodeAddress Address { get; }

    /// <summary>Binds the port and serves.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<NodeEndpoint> StartAsync(NodeEndpointOptions options, IEnumerable<IEndpointPart> parts, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parts);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytes).UseUrls($"http://{options.Host}:{options.Port}");
        var application = builder.Build();
        try
        {
            foreach (var part in parts)
            {
                part.Map(application);
            }

            await application.StartAsync(cancellation);
            return new NodeEndpoint(application, options);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _application.StopAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _application.DisposeAsync();
    }
}
