using System.CommandLine;
using System.Globalization;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Validation;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env validate</c>: what a node does before it gives an environment work, on this machine.</summary>
internal sealed class EnvValidateCommand : Command
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly Argument<string> _file = new("package") { HelpName = "FILE.nupkg", Description = "The package." };
    private readonly Option<int?> _seconds = CommonOptions.Integer("--timeout", 1, "Seconds that one call of the environment may take; a node gives it rollout.score-timeout. Default: 10.");
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public EnvValidateCommand(HostContext context)
        : base(
            "validate",
            $"Validate a package from both sides: the reference answer scores 1; empty, echoed, constant and random answers at most {EnvironmentValidator.MostForNothing.ToString(CultureInfo.InvariantCulture)} on average.")
    {
        _context = context;
        Add(_file);
        Add(_seconds);
        Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var package = EnvCommand.Open(call.GetRequiredValue(_file));
        var folder = Directory.CreateTempSubdirectory("intellect3-validate-").FullName;
        try
        {
            var report = await ValidateAsync(package, Path.Combine(folder, "package"), TimeSpan.FromSeconds(call.GetValue(_seconds) ?? 10), stop);
            Write(package, report, call.GetValue(_json));
            return report.IsValid ? ExitCode.Success : ExitCode.Failure;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<ValidationReport> ValidateAsync(EnvironmentPackage package, string folder, TimeSpan timeout, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Deadline);
        try
        {
            package.Unpack(folder);
            var options = new ChildOptions { Command = _context.EnvironmentHost, CallDeadline = timeout };
            await using var child = await ChildEnvironment.StartAsync(package.Key, folder, options, deadline.Token);
            return await EnvironmentValidator.ValidateAsync(child, deadline.Token);
        }
        catch (PackageException e)
        {
            return new ValidationReport($"{package.Key.Name} {package.Key.Version}", [], [e.Message]);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ValidationReport($"{package.Key.Name} {package.Key.Version}", [], [$"it was not done within {Deadline.TotalMinutes} minutes"]);
        }
    }

    private void Write(EnvironmentPackage package, ValidationReport report, bool asJson)
    {
        if (asJson)
        {
            _context.Output.WriteLine(Json.Line(new { name = package.Key.Name, version = package.Key.Version, sha256 = package.Key.Hash, valid = report.IsValid, report.Probes, report.Problems }));
            return;
        }

        foreach (var probe in report.Probes)
        {
            var mean = probe.Mean?.ToString("0.000", CultureInfo.InvariantCulture) ?? "none";
            _context.Output.WriteLine($"  {probe.Answer,-10} {mean,6}  on {probe.Episodes} tasks");
        }

        foreach (var problem in report.Problems)
        {
            _context.Output.WriteLine($"  problem: {problem}");
        }

        _context.Output.WriteLine($"{package.Key}: {(report.IsValid ? "valid" : "NOT VALID")}");
    }
}
