using System.Text.Json;
using Intellect3.Actors.Injection;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Environments.Packages;
using Intellect3.Model.Tokenization;
using Intellect3.TestPackages;

namespace Intellect3.Cluster.Host.Tests.Commands;

public sealed class EnvCommandTests : IDisposable
{
    private readonly Calls _calls = new();

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task A_new_project_is_packed_validated_and_shown()
    {
        var project = Path.Combine(_calls.Folder, "tides");
        await SucceedAsync("env", "new", "Tides", "--dir", project);
        Assert.InRange((await File.ReadAllLinesAsync(Path.Combine(project, "TidesTaskset.cs"))).Length, 1, 30);
        Assert.All(Directory.GetFiles(project, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("Clock", file + File.ReadAllText(file), StringComparison.Ordinal));

        var packed = JsonDocument.Parse(await SucceedAsync("env", "pack", project, "--out", _calls.Folder, "--json")).RootElement;
        var file = Path.Combine(_calls.Folder, "Tides.1.0.0.nupkg");
        Assert.Equal((file, EnvironmentPackage.Open(file).Key.Hash), (packed.GetProperty("file").GetString(), packed.GetProperty("sha256").GetString()));

        var report = JsonDocument.Parse(await SucceedAsync("env", "validate", file, "--json")).RootElement;
        Assert.True(report.GetProperty("valid").GetBoolean());
        Assert.Equal(["reference", "empty", "echo", "constant", "random"], report.GetProperty("probes").EnumerateArray().Select(probe => probe.GetProperty("answer").GetString()));

        var shown = await SucceedAsync("env", "show", file);
        Assert.Contains("prefix", shown, StringComparison.Ordinal);
        Assert.Contains("train/0", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_template_fits_the_model_of_parity()
    {
        var (taskset, tokenizer) = (new Clock.ClockTaskset(), new CharacterTokenizer());
        for (var index = 0; index < 100; index++)
        {
            var task = taskset.GetTask(Environments.Tasks.TaskSplit.Train, index);
            Assert.DoesNotContain(CharacterTokenizer.UnknownId, tokenizer.Encode(task.Prompt[0].Content + task.Answer));
            Assert.InRange(task.Prompt[0].Content.Length + taskset.Limits.MaxTokens + 2, 1, 64);
            Assert.InRange(task.Answer!.Length + 1, 1, taskset.Limits.MaxTokens);
        }
    }

    [Theory]
    [InlineData("throw", "InvalidOperationException: told to throw")]
    [InlineData("hang", "did not answer within 2 s")]
    [InlineData("crash", "told to crash")]
    [InlineData("exit", "exit code 3")]
    [InlineData("print", "it scores 0.5")]
    [InlineData("good", "constant answer may score 0.2 on average; it scores 1")]
    public async Task A_reward_that_is_wrong_is_a_problem_of_the_package(string word, string problem)
    {
        var file = Write("Misbehaving.1.0.0.nupkg", PackageBuilder.Misbehaving(word).Build());
        var (exit, output, error) = await _calls.RunAsync("env", "validate", file, "--timeout", "1");
        Assert.Equal((ExitCode.Failure, ""), (exit, error));
        Assert.Contains(problem, output, StringComparison.Ordinal);
        Assert.Contains("NOT VALID", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_package_is_refused_with_a_reason()
    {
        var akka = new PackageBuilder("Bad") { Files = [("lib/net10.0/Bad.dll", PackageBuilder.AssemblyThatNeeds("Bad", "Akka"))] };
        await _calls.AssertRefusedAsync(["env", "validate", Write("akka.nupkg", akka.Build())], "Bad.dll needs Akka");
        await _calls.AssertRefusedAsync(["env", "validate", Write("future.nupkg", (PackageBuilder.Of("Clock") with { Contract = "9.0" }).Build())], "contract 9.0");
        await _calls.AssertRefusedAsync(["env", "push", Write("damaged.nupkg", PackageBuilder.Of("Clock").Build()[..900]), "--to", "127.0.0.1:1"], "damaged");
        await _calls.AssertRefusedAsync(["env", "validate", "nowhere.nupkg"], "no file nowhere.nupkg");
        await _calls.AssertRefusedAsync(["env", "pack", _calls.Folder], "no project");
        await _calls.AssertRefusedAsync(["env", "new", "parity"], "parity");
        await _calls.AssertRefusedAsync(["env", "new", "Tides", "--dir", _calls.Folder], "is not empty");
        await _calls.AssertRefusedAsync(["env", "push", Write("Clock.nupkg", PackageBuilder.Of("Clock").Build()), "--to", "nonsense"], "HOST:PORT");
    }

    [Fact]
    public async Task A_project_that_does_not_build_says_why()
    {
        var project = Path.Combine(_calls.Folder, "broken");
        await SucceedAsync("env", "new", "Broken", "--dir", project);
        await File.AppendAllTextAsync(Path.Combine(project, "BrokenTaskset.cs"), "nonsense");
        var (exit, _, error) = await _calls.RunAsync("env", "pack", project, "--out", _calls.Folder);
        Assert.Equal(ExitCode.Failure, exit);
        Assert.Contains("BrokenTaskset.cs", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_calls.Folder, "*.nupkg"));
    }

    [Fact]
    public async Task A_package_is_pushed_once_and_listed()
    {
        var store = new PackageStore(Path.Combine(_calls.Folder, "packages"));
        var options = new NodeEndpointOptions();
        await using var endpoint = await NodeEndpoint.StartAsync(options, [new PackagesEndpoint(store, options, (_, _) => Task.FromResult<string?>(null))], CancellationToken.None);
        var node = $"127.0.0.1:{endpoint.Port}";
        var package = PackageBuilder.Of("Clock");
        var file = Write("Clock.1.0.0.nupkg", package.Build());

        Assert.StartsWith("pushed Clock 1.0.0", await SucceedAsync("env", "push", file, "--to", node), StringComparison.Ordinal);
        Assert.StartsWith("already there", await SucceedAsync("env", "push", file, "--to", node), StringComparison.Ordinal);
        Assert.Equal(EnvironmentPackage.Open(file).Key, Assert.Single(store.Packages));
        var rows = (await SucceedAsync("env", "list", "--to", node, "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["guess", "parity", "reverse", "sort", "Clock"], rows.Select(row => JsonDocument.Parse(row).RootElement.GetProperty("name").GetString()));

        var changed = Write("changed.nupkg", (package with { Files = [.. package.Files, ("more", [1])] }).Build());
        var (exit, _, error) = await _calls.RunAsync("env", "push", changed, "--to", node);
        Assert.Equal(ExitCode.Failure, exit);
        Assert.Contains("raise it", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_node_checks_what_it_is_sent_and_asks_for_its_token()
    {
        var store = new PackageStore(Path.Combine(_calls.Folder, "packages"));
        var options = new NodeEndpointOptions { AdminToken = "secret" };
        await using var endpoint = await NodeEndpoint.StartAsync(options, [new PackagesEndpoint(store, options, (_, _) => Task.FromResult<string?>(null))], CancellationToken.None);
        var file = Write("Clock.nupkg", PackageBuilder.Of("Clock").Build());
        var (exit, _, error) = await _calls.RunAsync("env", "push", file, "--to", $"127.0.0.1:{endpoint.Port}");
        Assert.Equal(ExitCode.Failure, exit);
        Assert.Contains("token", error, StringComparison.Ordinal);
        await SucceedAsync("env", "push", file, "--to", $"127.0.0.1:{endpoint.Port}", "--token", "secret");

        using var client = new HttpClient { DefaultRequestHeaders = { { "Authorization", "Bearer secret" } } };
        using var damaged = new ByteArrayContent([1, 2, 3]);
        using var answer = await client.PostAsync(new Uri($"{endpoint.Address}/packages"), damaged);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("damaged", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(store.Packages);
    }

    private async Task<string> SucceedAsync(params string[] arguments)
    {
        var (exit, output, error) = await _calls.RunAsync(arguments);
        Assert.True(exit == ExitCode.Success, error + output);
        return output;
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_calls.Folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
