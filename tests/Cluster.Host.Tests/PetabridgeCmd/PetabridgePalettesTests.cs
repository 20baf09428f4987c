using Akka.Actor;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Cluster.Host.PetabridgeCmd;
using Intellect3.Cluster.Host.Tests.Pbm;
using Petabridge.Cmd;
using CommandResponse = Petabridge.Cmd.CommandResponse;

namespace Intellect3.Cluster.Host.Tests.PetabridgeCmd;

/// <summary>The adapter, run with the reference of the API that is written by hand.</summary>
public sealed class PetabridgePalettesTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system = ActorSystem.Create("test", "akka.loglevel = WARNING");
    private readonly TestPalettes _sample = TestPalettes.Create();
    private readonly Petabridge.Cmd.Host.PetabridgeCmd _host;

    public PetabridgePalettesTests()
    {
        _host = Petabridge.Cmd.Host.PetabridgeCmd.Get(_system);
        PetabridgePalettes.Register(_system, new PaletteRegistry().Register(_sample));
    }

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Palettes_are_registered_and_the_host_started()
    {
        Assert.True(_host.IsStarted);
        var palette = Assert.Single(_host.Handlers).Palette;
        Assert.Equal(("sample", "echo"), (palette.Name, palette.Commands[0].Name));
        var (words, times) = (palette.Commands[0].Arguments[0], palette.Commands[0].Arguments[1]);
        Assert.Equal("--words", Assert.Single(words.Switch));
        Assert.True(words.AllowMultiple);
        Assert.Equal(["-n", "--times"], times.Switch);
        Assert.Equal(["1", "2"], times.DefaultValues);
    }

    [Theory]
    [InlineData("echo", "--words a --words b -n 2", "WORDS|a b|a b|")]
    [InlineData("fail", "", "error: it failed. Because. Try another.")]
    [InlineData("echo", "-n x", "error: -n x is not valid: it is a whole number from 1. Says words again. Usage: echo [WORDS...] [-n|--times TIMES]")]
    public async Task Commands_are_answered_line_by_line_to_a_final_response(string command, string arguments, string expected)
    {
        var answers = await AskAsync(new Command(command, [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(a => Tuple.Create(a[0], a[1]))]));

        Assert.Equal(expected, string.Join('|', answers.Select(a => a is ErroredCommandResponse error ? $"error: {error.Error}" : a.Msg)));
    }

    [Fact]
    public async Task A_stream_ends_with_its_client()
    {
        using var inbox = Inbox.Create(_system);
        var connection = _system.ActorOf(_host.Handlers[0].HandlerProps);
        inbox.Send(connection, new Command("tail", []));
        Assert.Equal("begins", Assert.IsType<CommandResponse>(await inbox.ReceiveAsync(Soon)).Msg);

        _system.Stop(connection);

        await _sample.Left.WaitAsync(Soon);
    }

    private async Task<IReadOnlyList<CommandResponse>> AskAsync(Command command)
    {
        using var inbox = Inbox.Create(_system);
        inbox.Send(_system.ActorOf(_host.Handlers[0].HandlerProps), command);
        var answers = new List<CommandResponse>();
        do
        {
            answers.Add(Assert.IsAssignableFrom<CommandResponse>(await inbox.ReceiveAsync(Soon)));
        }
        while (!answers[^1].Final);
        return answers;
    }
}
