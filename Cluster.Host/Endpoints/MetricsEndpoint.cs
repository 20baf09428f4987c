using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>
/// What the process measures: as Prometheus text at <c>GET /metrics</c>, and pushed to an OpenTelemetry collector when <see cref="CollectorVariable"/> is set. It sees what is measured
/// from its making on, so it is made before the node's actors.
/// </summary>
public sealed class MetricsEndpoint : IEndpointPart, IDisposable
{
    public const string Path = "/metrics";

    /// <summary>Where OTLP goes. The other variables of the OpenTelemetry specification count as well: protocol, headers, interval, resource attributes.</summary>
    public const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How long the last figures may take on their way to a collector.</summary>
    private const int FlushMilliseconds = 3_000;

    private readonly MeterProvider _provider;

    /// <param name="variables">Has <see cref="CollectorVariable"/> and its kin: the environment's variables.</param>
    public MetricsEndpoint(IConfiguration variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(variables))
            .ConfigureResource(resource => resource.AddService("intellect3", serviceVersion: typeof(MetricsEndpoint).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector())
            .AddMeter("Intellect3.*", "System.Runtime")
            .AddPrometheusExporter(prometheus => (prometheus.ScrapeResponseCacheDurationMilliseconds, prometheus.ScopeInfoEnabled) = (0, false));
        _provider = (string.IsNullOrEmpty(variables[CollectorVariable]) ? builder : builder.AddOtlpExporter()).Build();
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint(Path, _provider, configureBranchedPipeline: null, optionsName: null);

    public void Dispose()
    {
        _provider.Shutdown(FlushMilliseconds);
        _provider.Dispose();
    }
}
