using System.Runtime.CompilerServices;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Cluster.Host.Endpoints;

namespace Intellect3.Cluster.Host.Tests.Pbm;

/// <summary>A palette whose commands do what tests need, behind a real endpoint on a free port.</summary>
internal sealed class TestPalettes : PaletteHandler, IAsyncDisposable
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeEndpoint? _endpoint;

    private TestPalettes()
        : base("sample", "Commands of tests")
    {
        Process(
            new CommandDefinition("echo", "Says words again.", new ArgumentDefinition("words", "what to say") { AllowMultiple = true }, new ArgumentDefinition("times", "how often") { Switches = ["-n", "--times"], Kind = ArgumentKind.Count, Suggestions = ["1", "2"] }),
            (call, _) => Task.FromResult(Enumerable.Repeat(new CommandResponse(string.Join(' ', call.All("words")), new { Words = call.All("words"), Ratio = double.NaN }), call.Count("times", 1)).Prepend(new CommandResponse("WORDS"))));
        Process(new CommandDefinition("change", "Changes something.") { Changes = true }, (_, _) => Task.FromResult<IEnumerable<CommandResponse>>([new("changed", new { Changed = true })]));
        Process(new CommandDefinition("fail", "Fails."), Task<IEnumerable<CommandResponse>> (_, _) => throw new CommandFailedException("it failed", "Because.", "Try another."));
        Process(new CommandDefinition("stuck", "Ends with 1."), (_, _) => Task.FromResult<IEnumerable<CommandResponse>>([new("STUCK: it", new { Stuck = true }, 1)]));
        Process(new CommandDefinition("tail", "Goes on.") { Streams = true }, (_, cancellation) => TailAsync(cancellation));
    }

    public string Address => $"127.0.0.1:{_endpoint!.Port}";

    /// <summary>Completes when the caller of <c>tail</c> was noticed to have left.</summary>
    public Task Left => _left.Task;

    /// <summary>The palette alone.</summary>
    public static TestPalettes Create() => new();

    public static async Task<TestPalettes> StartAsync(string? token = null)
    {
        var palettes = new TestPalettes();
        var options = new NodeEndpointOptions { AdminToken = token };
        palettes._endpoint = await NodeEndpoint.StartAsync(options, [new PbmEndpoint(new PaletteRegistry().Register(palettes), options)], CancellationToken.None);
        return palettes;
    }

    public ValueTask DisposeAsync() => _endpoint?.DisposeAsync() ?? default;

    private async IAsyncEnumerable<CommandResponse> TailAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new CommandResponse("begins", new { Begins = true });
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        finally
        {
            _left.TrySetResult();
        }
    }
}
