namespace Intellect3.Cluster.Host.Tests.Commands;

public sealed class VerifyCommandTests : IDisposable
{
    private readonly Calls _calls = new();

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task Each_line_gets_one_line()
    {
        var input = _calls.Write("cases.jsonl", """
            {"a":"k","b":"k"}
            {"a":"pe","b":"me","autojunk":false}
            {"a":"pm","b":"e","autojunk":true}
            """);
        Assert.Equal((ExitCode.Success, "{\"ratio\":1}\n{\"ratio\":0.5}\n{\"ratio\":0}\n", ""), await _calls.RunAsync("verify", "difflib", "--input", input, "--json"));
    }

    [Fact]
    public async Task Autojunk_is_on_unless_said_otherwise()
    {
        var b = string.Concat(Enumerable.Repeat("ab", 150));
        var input = _calls.Write("cases.jsonl", $$"""
            {"a":"b","b":"{{b}}"}
            {"a":"b","b":"{{b}}","autojunk":false}
            """);
        var (_, output, _) = await _calls.RunAsync("verify", "difflib", "--input", input, "--json");
        Assert.Equal(["{\"ratio\":0}", $"{{\"ratio\":{2.0 / 301}}}"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_bad_line_is_told_in_its_place_and_the_others_go_on()
    {
        var input = _calls.Write("cases.jsonl", """
            {"a":"k","b":"k"}
            nonsense
            {"a":"k"}

            [1]
            {"a":"k","b":"k","autojunk":"yes"}
            {"a":"k","b":"x"}
            """);
        var (exit, output, error) = await _calls.RunAsync("verify", "difflib", "--input", input, "--json");
        Assert.Equal((ExitCode.BadInput, ""), (exit, error));
        Assert.Equal(
            [
                "{\"ratio\":1}", "{\"error\":\"the line is not JSON\"}", "{\"error\":\"\\\"b\\\" must be a text\"}", "{\"error\":\"the line is not JSON\"}",
                "{\"error\":\"the line is not a JSON object\"}", "{\"error\":\"\\\"autojunk\\\" must be true or false\"}", "{\"ratio\":0}",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("verify", "'intellect3 verify' needs a command")]
    [InlineData("verify difflub", "Did you mean 'difflib'?")]
    [InlineData("verify difflib", "--input")]
    [InlineData("verify difflib --input nowhere.jsonl", "there is no file nowhere.jsonl")]
    public async Task A_wrong_call_is_refused(string call, string what) => await _calls.AssertRefusedAsync(call.Split(' '), what);
}
