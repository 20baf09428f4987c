using Akka.Actor;
using Intellect3.Actors.Administration.Commands;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;
using ArgumentDefinition = Intellect3.Actors.Administration.Commands.ArgumentDefinition;
using CommandDefinition = Petabridge.Cmd.CommandDefinition;
using CommandParser = Intellect3.Actors.Administration.Commands.CommandParser;
using CommandResponse = Petabridge.Cmd.CommandResponse;

namespace Intellect3.Cluster.Host.PetabridgeCmd;

/// <summary>Registers a node's palettes with Petabridge.Cmd. See README.md beside this file for what was tested.</summary>
public static class PetabridgePalettes
{
    /// <summary>Registers all palettes and starts listening.</summary>
    public static void Register(ActorSystem system, PaletteRegistry palettes)
    {
        ArgumentNullException.ThrowIfNull(palettes);
        var host = Petabridge.Cmd.Host.PetabridgeCmd.Get(system);
        foreach (var palette in palettes.Palettes)
        {
            host.RegisterCommandPalette(new Handler(palettes, palette));
        }

        host.Start();
    }

    private static CommandPalette Translate(Palette palette) => new(palette.Name, palette.Commands.Select(Translate).ToArray());

    private static CommandDefinition Translate(Actors.Administration.Commands.CommandDefinition command)
    {
        var builder = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        foreach (var argument in command.Arguments)
        {
            builder = builder.WithArgument(b =>
            {
                b = b.WithName(argument.Name).WithDescription(argument.Description).IsMandatory(argument.IsMandatory).AllowMultiple(argument.AllowMultiple);
                b = argument.Suggestions.Count > 0 ? b.WithDefaultValues([.. argument.Suggestions]) : b;
                return SwitchesOf(argument).Aggregate(b, (all, name) => all.WithSwitch(name));
            });
        }

        return builder.Build();
    }

    /// <summary>Petabridge.Cmd knows no arguments without a switch.</summary>
    private static IReadOnlyList<string> SwitchesOf(ArgumentDefinition argument) => argument.Switches.Count > 0 ? argument.Switches : [$"--{argument.Name}"];

    private sealed class Handler(PaletteRegistry palettes, Palette palette) : CommandPaletteHandler(Translate(palette))
    {
        public override Props HandlerProps => Props.Create(() => new Connection(palettes, palette));
    }

    /// <summary>One lives for every client that is connected; commands of a client that leaves end with it.</summary>
    private sealed class Connection : CommandHandlerActor, IDisposable
    {
        private readonly CancellationTokenSource _left = new();
        private readonly PaletteRegistry _palettes;
        private readonly Palette _palette;

        public Connection(PaletteRegistry palettes, Palette palette)
            : base(Translate(palette))
        {
            (_palettes, _palette) = (palettes, palette);
            foreach (var command in palette.Commands)
            {
                Process(command.Name, call => _ = AnswerAsync(command, [.. call.Arguments], Sender));
            }
        }

        protected override void PostStop()
        {
            _left.Cancel();
            Dispose();
            base.PostStop();
        }

        public void Dispose() => _left.Dispose();

        private async Task AnswerAsync(Actors.Administration.Commands.CommandDefinition command, IReadOnlyList<Tuple<string, string>> arguments, IActorRef client)
        {
            try
            {
                var call = CommandParser.Parse(command, [.. arguments.SelectMany(a => WordsOf(command, a.Item1, a.Item2))]);
                await foreach (var response in _palettes.Run(_palette.Name, call, _left.Token))
                {
                    foreach (var line in response.Text?.Split('\n') ?? [])
                    {
                        client.Tell(new CommandResponse(line, false));
                    }
                }

                client.Tell(CommandResponse.Empty);
            }
            catch (Exception exception) when (exception is CommandSyntaxException or CommandFailedException)
            {
                var (why, remedy) = exception is CommandFailedException failed ? (failed.Why, failed.Remedy) : (((CommandSyntaxException)exception).Why, ((CommandSyntaxException)exception).Remedy);
                client.Tell(new ErroredCommandResponse(string.Join(' ', new[] { $"{exception.Message}.", why, remedy }.Where(t => t.Length > 0))));
            }
            catch (OperationCanceledException)
            {
                // The client is gone.
            }
        }

        private static IEnumerable<string> WordsOf(Actors.Administration.Commands.CommandDefinition command, string name, string value)
        {
            var argument = command.Arguments.FirstOrDefault(a => SwitchesOf(a).Contains(name));
            return argument switch
            {
                { Switches.Count: 0 } => [value],
                { Kind: ArgumentKind.Flag } => [name],
                _ => [name, value],
            };
        }
    }
}
