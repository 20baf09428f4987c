using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Intellect3.Actors.Devices;
using Intellect3.Cluster.Host.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Intellect3.Cluster.Host.Tests.Endpoints;

public sealed partial class MetricsEndpointTests : IAsyncLifetime, IDisposable
{
    private readonly Meter _meter = new($"Intellect3.Tests.{Guid.NewGuid():N}");
    private readonly HttpClient _client = new();
    private NodeEndpoint _endpoint = null!;

    public async Task InitializeAsync()
    {
        _endpoint = await NodeEndpoint.StartAsync(new NodeEndpointOptions(), [new MetricsEndpoint(new ConfigurationBuilder().Build())], CancellationToken.None);
        _client.BaseAddress = new Uri(_endpoint.Address.Value);
    }

    public Task DisposeAsync() => _endpoint.DisposeAsync().AsTask();

    public void Dispose()
    {
        _client.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task Values_move_from_one_scrape_to_the_next()
    {
        var steps = _meter.CreateCounter<long>("intellect3.test.steps", "{step}", "Steps");
        var busy = 0.5;
        _meter.CreateObservableCounter("intellect3.test.busy", () => busy, "s", "At work");
        steps.Add(2, new KeyValuePair<string, object?>("phase", "warmup"));
        var first = await ScrapeAsync();
        steps.Add(3, new KeyValuePair<string, object?>("phase", "warmup"));
        busy = 2.25;
        var second = await ScrapeAsync();

        Assert.Equal((2, 0.5), (first["intellect3_test_steps_total", "phase=\"warmup\""], first["intellect3_test_busy_seconds_total", ""]));
        Assert.Equal((5, 2.25), (second["intellect3_test_steps_total", "phase=\"warmup\""], second["intellect3_test_busy_seconds_total", ""]));
    }

    [Fact]
    public async Task A_device_shows_how_long_it_was_at_work()
    {
        using var device = new DeviceThread("scraped", 1, TimeSpan.FromSeconds(20));
        var before = await ScrapeAsync();
        var worked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var session = device.Open(new NoProgram(), worked.SetException);
        session.TryPost(worked.SetResult);
        await worked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var after = await ScrapeAsync();

        Assert.Equal(0, before["intellect3_device_busy_seconds_total", "device=\"scraped\""]);
        Assert.True(after["intellect3_device_busy_seconds_total", "device=\"scraped\""] > 0);
    }

    [Fact]
    public async Task What_is_gone_is_shown_no_more()
    {
        var measurements = new List<Measurement<int>> { new(7, new KeyValuePair<string, object?>("run", "a")) };
        _meter.CreateObservableGauge("intellect3.test.step", () => measurements, null, "Step");
        var before = await ScrapeAsync();
        measurements.Clear();
        var after = await ScrapeAsync();

        Assert.True(before.Has("intellect3_test_step"));
        Assert.False(after.Has("intellect3_test_step"));
    }

    [Fact]
    public async Task The_text_is_of_the_exposition_format_whatever_a_label_contains()
    {
        _meter.CreateCounter<long>("intellect3.test.odd", "By", "A \"quoted\" \\ text\nof two lines").Add(1, new KeyValuePair<string, object?>("run", "a \"b\"\\c\nd"));
        _meter.CreateHistogram<double>("intellect3.test.delay", "s", "Delay").Record(0.2);
        using var response = await _client.GetAsync(MetricsEndpoint.Path);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(line.StartsWith('#') ? Comment() : Sample(), line));
        Assert.Contains("intellect3_test_delay_seconds_bucket{", text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_runtime_shows_itself()
    {
        var scrape = await ScrapeAsync();

        Assert.True(scrape.Has("dotnet_process_memory_working_set_bytes"));
        Assert.True(scrape.Has("target_info"));
    }

    [Fact]
    public async Task A_collector_gets_the_last_figures_when_the_node_ends()
    {
        var collector = new Collector();
        await using var collecting = await NodeEndpoint.StartAsync(new NodeEndpointOptions(), [collector], CancellationToken.None);
        var exporting = await NodeEndpoint.StartAsync(new NodeEndpointOptions(), [Exporting(collecting.Address.Value)], CancellationToken.None);
        _meter.CreateCounter<long>("intellect3.test.pushed").Add(1);
        await exporting.DisposeAsync();

        Assert.Contains("intellect3.test.pushed", await collector.Received.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_does_not_keep_a_node_from_ending()
    {
        var endpoint = await NodeEndpoint.StartAsync(new NodeEndpointOptions(), [Exporting("http://127.0.0.1:1")], CancellationToken.None);

        await endpoint.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static MetricsEndpoint Exporting(string collector) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { [MetricsEndpoint.CollectorVariable] = collector, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" })
        .Build());

    private async Task<Scrape> ScrapeAsync() => new(await _client.GetStringAsync(MetricsEndpoint.Path));

    [GeneratedRegex("^# (HELP|TYPE|UNIT|EOF) ?[a-zA-Z_:][a-zA-Z0-9_:]* .*$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*",?)*\})? (NaN|[+-]Inf|-?[0-9.eE+-]+)( [0-9]+)?$""")]
    private static partial Regex Sample();

    /// <summary>Keeps the first export as text; names are legible in protobuf.</summary>
    private sealed class Collector : IEndpointPart
    {
        private readonly TaskCompletionSource<string> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Received => _received.Task;

        public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/metrics", async context =>
        {
            using var reader = new StreamReader(context.Request.Body, System.Text.Encoding.Latin1);
            _received.TrySetResult(await reader.ReadToEndAsync());
            await context.Response.CompleteAsync();
        });
    }

    private sealed class Scrape(string text)
    {
        private readonly string[] _lines = text.Split('\n');

        public double this[string name, string label] => double.Parse(
            Assert.Single(_lines, l => l.StartsWith(name, StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);

        public bool Has(string name) => Array.Exists(_lines, l => l.StartsWith(name, StringComparison.Ordinal));
    }
}
