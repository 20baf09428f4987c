using System.CommandLine;
using Intellect3.Actors.Ledger;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>ledger check</c>: proves the accounting of a run from its files.</summary>
internal sealed class LedgerCommand : Command
{
    private const int ProblemsShown = 20;

    public LedgerCommand(HostContext context)
        : base("ledger", "Look at the accounting of a run.")
    {
        var directory = new Argument<string>("rundir") { HelpName = "RUNDIR", Description = "The directory of a run." };
        var json = CommonOptions.Json();
        var check = new Command("check", "Prove from the files of a run that every prompt ended once, and that what was trained is what the ledger says. Exit code 1 when it does not add up.") { directory, json };
        check.SetAction(call => Check(context, call.GetRequiredValue(directory), call.GetValue(json)));
        Add(check);
    }

    private static int Check(HostContext context, string directory, bool json)
    {
        var report = Read(directory);
        if (json)
        {
            context.Output.WriteLine(Json.Line(new
            {
                proven = report.IsProven,
                ended = report.HasEnded,
                report.Events,
                report.Steps,
                report.Lineage,
                prompts = report.EndStates.Prepend(new("drawn", report.Prompts)).ToDictionary(),
                problems = report.Problems.Select(problem => problem.ToString()),
            }));
        }
        else
        {
            context.Output.WriteLine($"{report.Events} events, {report.Steps} steps in lineage {report.Lineage}, {report.Prompts} prompts: {string.Join(", ", report.EndStates.Select(state => $"{state.Value} {state.Key}"))}");
            foreach (var problem in report.Problems.Take(ProblemsShown))
            {
                context.Output.WriteLine($"  {problem}");
            }

            context.Output.WriteLine(
                !report.IsProven ? $"NOT PROVEN: {report.Problems.Count} {(report.Problems.Count == 1 ? "problem" : "problems")}"
                : report.HasEnded ? "proven: every prompt is in exactly one end state"
                : "proven so far: the run has not ended");
        }

        return report.IsProven ? ExitCode.Success : ExitCode.Failure;
    }

    private static LedgerReport Read(string directory)
    {
        try
        {
            return LedgerChecker.Check(directory);
        }
        catch (LedgerNotFoundException)
        {
            throw new CommandException($"no ledger in {directory}", "It has no ledger.jsonl, which every run writes.", "Give the directory of a run: what --run-dir was.");
        }
    }
}
