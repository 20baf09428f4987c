using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Intellect3.Actors.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Intellect3.Actors.Hosting;

/// <summary>A running node: an actor system that is a member of a cluster, in a generic host. A laptop run is a cluster of one such node.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan JoinReportInterval = TimeSpan.FromSeconds(3);

    private readonly IHost _host;
    private readonly TimeSpan _stopTimeout;

    private ClusterNode(IHost host, TimeSpan stopTimeout)
    {
        (_host, _stopTimeout) = (host, stopTimeout);
        System = host.Services.GetRequiredService<ActorSystem>();
        Cluster = Cluster.Get(System);
    }

    /// <summary>The settings that every node has.</summary>
    public static Config Hocon { get; } =
        ConfigurationFactory.FromResource("Intellect3.Actors.Hosting.cluster-node.conf", typeof(ClusterNode).Assembly).WithFallback(WireSerialization.Hocon);

    public ActorSystem System { get; }

    public Cluster Cluster { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Completes when the node has stopped, by itself or because it was told to.</summary>
    public Task Stopped => System.WhenTerminated;

    /// <summary>Starts a node and returns when it is a member that is up.</summary>
    /// <exception cref="ClusterNodeException">The port is taken, or no seed answered in time.</exception>
    public static async Task<ClusterNode> StartAsync(ClusterNodeOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        await CheckAddressAsync(options, cancellation);
        var host = Build(options);
        try
        {
            await host.StartAsync(cancellation);
            var node = new ClusterNode(host, options.StopTimeout);
            await node.JoinAsync(options, cancellation);
            return node;
        }
        catch (Exception exception)
        {
            await StopAsync(host, TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw exception is OperationCanceledException or ClusterNodeException
                ? exception
                : new ClusterNodeException($"the node could not start on {options.Host}:{options.Port}: {exception.Message}", exception);
        }
    }

    /// <summary>Leaves the cluster and stops, in the order of coordinated shutdown.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(_host, _stopTimeout);

    private static IHost Build(ClusterNodeOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(options.LogLevel).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        options.ConfigureServices(builder.Services);
        builder.Services.AddAkka(options.Name, (akka, services) =>
        {
            akka.ConfigureLoggers(loggers =>
                {
                    loggers.LogLevel = ToAkka(options.LogLevel);
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                })
                .WithRemoting(new RemoteOptions { HostName = options.Host, PublicHostName = options.PublicHost ?? options.Host, Port = options.Port })
                .WithClustering(new ClusterOptions { Roles = [.. options.Roles], SeedNodes = [.. options.Seeds.Select(s => $"akka.tcp://{options.Name}@{s}")] })
                .WithDistributedPubSub("");
            options.ConfigureActors(akka, services);

            // The last that is prepended wins.
            akka.AddHocon(Hocon, HoconAddMode.Prepend).AddHocon(options.Hocon, HoconAddMode.Prepend);
        });
        return builder.Build();
    }

    private static async Task StopAsync(IHost host, TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        await host.StopAsync(deadline.Token);
        host.Dispose();
    }

    /// <summary>Binds the address once by itself: Akka reports a failure to bind as a page of nested exceptions.</summary>
    private static async Task CheckAddressAsync(ClusterNodeOptions options, CancellationToken cancellation)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(options.Host, cancellation);
            using var socket = new Socket(addresses[0].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(addresses[0], options.Port));
        }
        catch (SocketException exception)
        {
            throw new ClusterNodeException(
                exception.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"port {options.Port} on {options.Host} is in use by another program; choose another port, or 0 for a free one",
                    SocketError.AccessDenied => $"port {options.Port} on {options.Host} may not be bound by this user; choose a port of 1024 or more",
                    _ => $"{options.Host} is no address of this machine ({exception.Message}); bind one that is, and name the other as the public host",
                },
                exception);
        }
    }

    private static Akka.Event.LogLevel ToAkka(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => Akka.Event.LogLevel.DebugLevel,
        LogLevel.Information => Akka.Event.LogLevel.InfoLevel,
        LogLevel.Warning => Akka.Event.LogLevel.WarningLevel,
        _ => Akka.Event.LogLevel.ErrorLevel,
    };

    private async Task JoinAsync(ClusterNodeOptions options, CancellationToken cancellation)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.RegisterOnMemberUp(up.SetResult);
        if (options.Seeds.Count == 0)
        {
            Cluster.Join(Cluster.SelfAddress);
        }

        var started = TimeProvider.System.GetTimestamp();
        var reason = "it waits for the cluster to agree";
        while (true)
        {
            try
            {
                await up.Task.WaitAsync(JoinReportInterval, cancellation);
                RequireSameProtocol();
                return;
            }
            catch (TimeoutException)
            {
                reason = options.Seeds.Count == 0 ? reason : string.Join("; ", await Task.WhenAll(options.Seeds.Select(seed => SeedProbe.ExplainAsync(seed, options.Name, cancellation))));
                options.OnWaiting(reason);
            }

            if (TimeProvider.System.GetElapsedTime(started) >= options.StartTimeout)
            {
                throw new ClusterNodeException($"the node did not become a member within {options.StartTimeout}: {reason}");
            }
        }
    }

    private void RequireSameProtocol()
    {
        var own = Cluster.SelfMember.AppVersion;
        if (Cluster.State.Members.FirstOrDefault(m => !m.AppVersion.Equals(own)) is { } other)
        {
            throw new ClusterNodeException($"the node {other.Address} speaks version {other.AppVersion} of the protocol, this one {own}: run the same build of intellect3 on every node");
        }
    }

    /// <summary>The process and its signals belong to the command that started the node.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
