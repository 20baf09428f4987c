using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>trainer</c>: what the trainer does, and the figures of its last step.</summary>
public sealed class TrainerPalette : PaletteHandler
{
    public TrainerPalette(ActiveRun run)
        : base("trainer", "The trainer")
    {
        ArgumentNullException.ThrowIfNull(run);
        Process(new CommandDefinition("status", "Its node, its work, and the metrics of its last step."), async (_, cancellation) =>
            [View(await run.AskAsync<RunActivity>(new GetRunActivity(), null, cancellation))]);
    }

    private static CommandResponse View(RunActivity run)
    {
        var trainer = run.Trainer;
        (string Label, string Text)[] rows =
        [
            ("node", trainer.Node ?? "none: no node with the role trainer takes part"),
            ("work", trainer.Work is { } work ? $"{work} for {Ages.Text(trainer.Age)}" : "idle"),
            ("version", $"{run.Status.Version}"),
            ("batches", $"{run.Prompts.GetValueOrDefault("batched")} groups batched, {run.Status.GroupsWaiting} waiting"),
            ("tokens/s", $"{run.Status.TrainedTokensPerSecond:0}"),
            .. trainer.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, $"{m.Value:g4}")),
        ];
        var width = rows.Max(r => r.Label.Length);
        return new CommandResponse(
            string.Join('\n', rows.Select(r => $"{r.Label.PadRight(width)}  {r.Text}")),
            new { trainer.Node, trainer.Work, AgeSeconds = Ages.Seconds(trainer.Age), Version = run.Status.Version.ToString(), run.Status.TrainedTokensPerSecond, LastStep = trainer.Step, trainer.Metrics });
    }
}
