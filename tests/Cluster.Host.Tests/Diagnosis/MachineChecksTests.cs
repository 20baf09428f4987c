using System.Net;
using System.Net.Sockets;
using Intellect3.Cluster.Host.Diagnosis;
using Intellect3.Kernels.Features;
using Intellect3.Model.Native;

namespace Intellect3.Cluster.Host.Tests.Diagnosis;

public sealed class MachineChecksTests : IDisposable
{
    private readonly Calls _calls = new();

    public void Dispose() => _calls.Dispose();

    [Fact]
    public void A_port_in_use_is_a_warning_with_a_remedy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var finding = MachineChecks.Port(port);
        Assert.Equal(Finding.Warn, finding.Status);
        Assert.Contains($"{port}", finding.Found, StringComparison.Ordinal);
        Assert.NotNull(finding.Remedy);
        listener.Stop();
        Assert.Equal(Finding.Ok, MachineChecks.Port(port).Status);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_fails()
    {
        var folder = Path.Combine(_calls.Write("file", ""), "folder");
        Assert.Equal(new Finding("cache", Finding.Fail, "", "Choose another.") with { Found = MachineChecks.Writable("cache", folder, "").Found }, MachineChecks.Writable("cache", folder, "Choose another."));
        Assert.Equal(Finding.Ok, MachineChecks.Writable("cache", Path.Combine(_calls.Folder, "new"), "").Status);
    }

    [Fact]
    public void Weak_machines_are_warned_about()
    {
        Assert.Equal(Finding.Warn, MachineChecks.Cpu("Old", KernelPath.Portable).Status);
        Assert.Equal(Finding.Ok, MachineChecks.Cpu("New", KernelPath.Avx2).Status);
        Assert.Equal(Finding.Warn, MachineChecks.Cores(1).Status);
        Assert.Equal(Finding.Warn, MachineChecks.Memory(1.5).Status);
        Assert.Equal(Finding.Ok, MachineChecks.Memory(2).Status);
    }

    [Fact]
    public void A_missing_libtorch_fails_with_what_the_loader_said() =>
        Assert.Equal(new Finding("libtorch", Finding.Fail, "cannot be loaded", "Install it."), MachineChecks.Torch(new TorchNativeStatus("lib", false, null, "Install it.")));

    [Fact]
    public async Task Every_check_is_told_on_a_line_of_json()
    {
        var (_, output, _) = await _calls.RunAsync("doctor", "--json");
        var checks = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["runtime", "cpu", "cores", "memory", "libtorch", "port", "port", "cache", "folder", "hocon"], checks.Select(c => c.GetProperty("check").GetString()));
        Assert.Equal(Finding.Ok, checks[^1].GetProperty("status").GetString());
    }
}
