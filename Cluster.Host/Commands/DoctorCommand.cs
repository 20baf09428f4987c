using System.CommandLine;
using Intellect3.Cluster.Host.Diagnosis;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>doctor</c>: whether this machine has what a run needs.</summary>
internal sealed class DoctorCommand : Command
{
    public DoctorCommand(HostContext context)
        : base("doctor", "Check this machine: runtime, CPU and kernels, memory, libtorch, ports, folders. Exit code 1 when something fails.")
    {
        var json = CommonOptions.Json();
        Add(json);
        SetAction(call =>
        {
            var findings = MachineChecks.Run().ToList();
            foreach (var finding in findings)
            {
                context.Output.WriteLine(call.GetValue(json) ? Json.Line(finding) : Line(finding));
            }

            return findings.Any(finding => finding.Status == Finding.Fail) ? ExitCode.Failure : ExitCode.Success;
        });
    }

    private static string Line(Finding finding) =>
        $"{finding.Status,-5} {finding.Check,-9} {finding.Found}" + (finding.Remedy is { } remedy ? $"{Environment.NewLine}{"",16}{remedy}" : "");
}
