using Intellect3.Actors.Administration.Commands;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Cluster.Host.Pbm;
using Intellect3.Cluster.Host.Tests.Pbm;

namespace Intellect3.Cluster.Host.Tests.Commands;

/// <summary>The client through the program's entry point, against a real endpoint.</summary>
public sealed class PbmCommandTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("sample echo a b", 0, "WORDS\na b\n")]
    [InlineData("sample echo -n 2 a", 0, "WORDS\na\na\n")]
    [InlineData("sample echo --times=2 a --json", 0, "{\"words\":[\"a\"],\"ratio\":\"NaN\"}\n{\"words\":[\"a\"],\"ratio\":\"NaN\"}\n")]
    [InlineData("--json sample echo a", 0, "{\"words\":[\"a\"],\"ratio\":\"NaN\"}\n")]
    [InlineData("sample stuck", 1, "STUCK: it\n")]
    [InlineData("help sample stuck", 0, "sample stuck\n  Ends with 1.\n")]
    public async Task A_command_is_done_by_the_node(string words, int exit, string output)
    {
        await using var palettes = await TestPalettes.StartAsync();

        Assert.Equal((exit, output, ""), await RunAsync([palettes.Address, .. words.Split(' ')]));
    }

    [Theory]
    [InlineData("sample fail", 1, "error: it failed\n  Because.\n  Try another.\n")]
    [InlineData("sampel echo", 2, "error: unknown palette 'sampel'\n  Did you mean 'sample'?\n  `help` lists the palettes.\n")]
    [InlineData("sample ecko", 2, "error: unknown command 'ecko' of 'sample'\n  Did you mean 'echo'?\n  `help sample` lists its commands.\n")]
    [InlineData("sample echo --time 2", 2, "error: unknown switch '--time' of 'echo'\n  Did you mean '--times'?\n  Usage: echo [WORDS...] [-n|--times TIMES]\n")]
    [InlineData("sample", 2, "error: the palette 'sample' needs a command\n  One of: echo, change, fail, stuck, tail.\n  `help sample` says what they do.\n")]
    [InlineData("help sampel", 2, "error: unknown palette 'sampel'\n  Did you mean 'sample'?\n  `help` lists them.\n")]
    public async Task What_is_wrong_is_said_on_standard_error(string words, int exit, string error)
    {
        await using var palettes = await TestPalettes.StartAsync();

        Assert.Equal((exit, "", error), await RunAsync([palettes.Address, .. words.Split(' ')]));
    }

    [Fact]
    public async Task A_dead_node_is_named_with_the_reason_and_a_way_on()
    {
        var palettes = await TestPalettes.StartAsync();
        var address = palettes.Address;
        await palettes.DisposeAsync();

        foreach (var words in (string[][])[[address, "cluster", "show"], [address]])
        {
            var (exit, output, error) = await RunAsync(words);
            Assert.Equal((ExitCode.Failure, ""), (exit, output));
            Assert.StartsWith($"error: no node answers at {address}\n  Connection refused", error, StringComparison.Ordinal);
            Assert.Contains("intellect3 pbm HOST:PORT", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_server_is_told_from_a_node()
    {
        await using var other = await NodeEndpoint.StartAsync(new NodeEndpointOptions(), [], CancellationToken.None);

        var (exit, _, error) = await RunAsync([$"127.0.0.1:{other.Port}", "cluster", "show"]);

        Assert.Equal(ExitCode.Failure, exit);
        Assert.StartsWith($"error: what answers at 127.0.0.1:{other.Port} is no node of intellect3\n  It answered 404", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_no_member_yet_says_so()
    {
        var options = new NodeEndpointOptions();
        await using var starting = await NodeEndpoint.StartAsync(options, [new PbmEndpoint(new PaletteRegistry(), options)], CancellationToken.None);

        foreach (var words in (string[][])[[$"127.0.0.1:{starting.Port}", "cluster", "show"], [$"127.0.0.1:{starting.Port}"]])
        {
            Assert.Equal((ExitCode.Failure, "", "error: this node is in no cluster yet\n  It is starting, or its seed cannot be reached.\n  Try again once it has printed its ready line, or ask another node.\n"), await RunAsync(words));
        }
    }

    [Fact]
    public async Task A_wrong_address_is_refused() => Assert.Equal(
        (ExitCode.BadInput, "", "error: host:x is no address of a node\n  An address is HOST:PORT, where the port is the node's HTTP port.\n  For example: intellect3 pbm 127.0.0.1:9110 cluster show\n"),
        await RunAsync(["host:x", "cluster", "show"]));

    [Theory]
    [InlineData(null, null, 2)]
    [InlineData("wrong", "secret", 2)]
    [InlineData("secret", null, 0)]
    [InlineData(null, "secret", 0)]
    public async Task The_token_comes_from_the_option_or_the_variable(string? option, string? variable, int expected)
    {
        await using var palettes = await TestPalettes.StartAsync("secret");

        var (exit, _, error) = await RunAsync(["pbm", palettes.Address, "sample", "change", .. option is null ? Array.Empty<string>() : ["--token", option]], new() { Variable = _ => variable });

        Assert.Equal(expected, exit);
        Assert.Equal(expected != 0, error.Contains("needs its admin token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_ends_with_control_c_and_success()
    {
        await using var palettes = await TestPalettes.StartAsync();
        using var stop = new CancellationTokenSource();
        var output = new NotifyingWriter("begins", stop.Cancel);

        var exit = await HostApplication.RunAsync(["pbm", palettes.Address, "sample", "tail"], new HostContext { Output = output, Error = new StringWriter() }, stop.Token).WaitAsync(Soon);

        Assert.Equal((ExitCode.Success, "begins\n"), (exit, output.ToString()));
        await palettes.Left.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_node_that_dies_in_the_middle_of_a_stream_is_a_failure()
    {
        var palettes = await TestPalettes.StartAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var error = new StringWriter();
        var running = HostApplication.RunAsync(["pbm", palettes.Address, "sample", "tail"], new HostContext { Output = new NotifyingWriter("begins", begun.SetResult), Error = error }, CancellationToken.None);
        await begun.Task.WaitAsync(Soon);

        await palettes.DisposeAsync();

        Assert.Equal(ExitCode.Failure, await running.WaitAsync(Soon));
        Assert.StartsWith($"error: {palettes.Address} ended before its answer did", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_prompt_completes_remembers_and_survives_wrong_calls()
    {
        await using var palettes = await TestPalettes.StartAsync();
        var terminal = new ScriptedTerminal("sam\tec\ta b\nsampel\n\n↑↑\nhelp sample stuck\nnever run\u0003exit\n", () => false);

        var (exit, output, error) = await RunAsync(["pbm", palettes.Address], new() { Terminal = terminal });

        Assert.Equal(ExitCode.Success, exit);
        Assert.Equal($"connected to {palettes.Address}; `help` lists the palettes, Tab completes, `exit` leaves\nWORDS\na b\nWORDS\na b\nsample stuck\n  Ends with 1.\n", output);
        Assert.Equal("error: unknown palette 'sampel'\n  Did you mean 'sample'?\n  `help` lists the palettes.\n", error);
        Assert.Contains($"[{palettes.Address}] pbm> sample echo a b", terminal.Screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_c_ends_a_stream_and_not_the_prompt()
    {
        await using var palettes = await TestPalettes.StartAsync();
        var output = new NotifyingWriter("begins", () => { });
        var terminal = new ScriptedTerminal("sample tail\n\u0003sample stuck\n\u0004", () => output.ToString().Contains("begins", StringComparison.Ordinal));

        var exit = await HostApplication.RunAsync(["pbm", palettes.Address], new HostContext { Output = output, Error = new StringWriter(), Terminal = terminal }, CancellationToken.None).WaitAsync(Soon);

        Assert.Equal(ExitCode.Success, exit);
        Assert.EndsWith("begins\nSTUCK: it\n", output.ToString(), StringComparison.Ordinal);
        await palettes.Left.WaitAsync(Soon);
    }

    [Fact]
    public async Task Lines_of_a_pipe_are_run_until_one_fails()
    {
        await using var palettes = await TestPalettes.StartAsync();

        var (exit, output, _) = await RunAsync(["pbm", palettes.Address], new() { Input = new StringReader("sample echo a\n\nsample stuck\nsample echo b\n") });

        Assert.Equal((1, "WORDS\na\nSTUCK: it\n"), (exit, output));
    }

    [Fact]
    public void The_client_has_no_list_of_commands_that_could_differ_from_the_nodes() =>
        Assert.DoesNotContain(typeof(PbmClient).Assembly.GetTypes(), t => t.IsSubclassOf(typeof(PaletteHandler)));

    private static Task<(int Exit, string Output, string Error)> RunAsync(string[] words) => RunAsync(["pbm", .. words], new Given());

    private static async Task<(int Exit, string Output, string Error)> RunAsync(string[] arguments, Given given)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new HostContext { Output = output, Error = error, Variable = given.Variable, Input = given.Input, Terminal = given.Terminal };
        var exit = await HostApplication.RunAsync(arguments, context, CancellationToken.None).WaitAsync(Soon);
        return (exit, output.ToString(), error.ToString());
    }

    private sealed record Given
    {
        public Func<string, string?> Variable { get; init; } = _ => null;

        public TextReader Input { get; init; } = TextReader.Null;

        public ITerminal? Terminal { get; init; }
    }

    /// <summary>Tells when a text was written.</summary>
    private sealed class NotifyingWriter(string text, Action notify) : StringWriter
    {
        private readonly Lock _lock = new();

        public override void WriteLine(string? value)
        {
            lock (_lock)
            {
                base.WriteLine(value);
            }

            if (value == text)
            {
                notify();
            }
        }

        public override string ToString()
        {
            lock (_lock)
            {
                return base.ToString();
            }
        }
    }
}
