using System.Threading.Channels;
using Intellect3.Actors.Administration;
using Spectre.Console;

namespace Intellect3.Cluster.Host.Display;

/// <summary>The live view on a terminal: the newest status, drawn in place.</summary>
internal sealed class LiveDisplay : RunDisplay
{
    // One status waits at most: an older one is not worth drawing.
    private readonly Channel<RunStatus> _statuses = Channel.CreateBounded<RunStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly Task _drawing;

    public LiveDisplay(HostContext context)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(context.Output),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = string.IsNullOrEmpty(context.Variable("NO_COLOR")) ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        _drawing = console.Live(Text.Empty).StartAsync(DrawAsync);
    }

    public override void Report(RunStatus value) => _statuses.Writer.TryWrite(value);

    public override async ValueTask DisposeAsync()
    {
        _statuses.Writer.TryComplete();
        await _drawing;
    }

    private async Task DrawAsync(LiveDisplayContext live)
    {
        await foreach (var status in _statuses.Reader.ReadAllAsync())
        {
            live.UpdateTarget(Draw(status));
            live.Refresh();
        }
    }

    private static Panel Draw(RunStatus status)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var (label, text) in StatusView.Rows(status))
        {
            grid.AddRow(new Text(label, new Style(Color.Grey)), new Text(text, StyleOf(label)));
        }

        return new Panel(grid).Header($" {Markup.Escape(status.Run)} ").BorderColor(Color.Grey).Padding(1, 0);
    }

    private static Style StyleOf(string label) => label switch
    {
        "reward" => new Style(Color.Green),
        "stage" => new Style(decoration: Decoration.Bold),
        "failure" => new Style(Color.Red),
        _ => Style.Plain,
    };
}
