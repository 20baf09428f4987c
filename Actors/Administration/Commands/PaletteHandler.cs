namespace Intellect3.Actors.Administration.Commands;

/// <summary>A palette and what its commands do. A handler has no state of its own: calls run side by side.</summary>
public abstract class PaletteHandler
{
    /// <summary>Does a command.</summary>
    /// <param name="call">Its arguments.</param>
    /// <param name="cancellation">Fires when the caller has left.</param>
    /// <returns>Its responses, as they come.</returns>
    /// <exception cref="CommandFailedException">It could not be done.</exception>
    public delegate IAsyncEnumerable<CommandResponse> Command(CommandCall call, CancellationToken cancellation);

    private readonly List<CommandDefinition> _definitions = [];
    private readonly Dictionary<string, Command> _commands = new(StringComparer.Ordinal);

    protected PaletteHandler(string name, string description) => Palette = new Palette(name, description, _definitions);

    public Palette Palette { get; }

    /// <summary>Does a call of one of the palette's commands.</summary>
    public IAsyncEnumerable<CommandResponse> Run(CommandCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _commands[call.Command.Name](call, cancellation);
    }

    /// <summary>Adds a command; called by constructors.</summary>
    protected void Process(CommandDefinition definition, Command command)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _definitions.Add(definition);
        _commands.Add(definition.Name, command);
    }

    /// <summary>Adds a command that gives all it has at once.</summary>
    protected void Process(CommandDefinition definition, Func<CommandCall, CancellationToken, Task<IEnumerable<CommandResponse>>> command)
    {
        Process(definition, Responses);

        async IAsyncEnumerable<CommandResponse> Responses(CommandCall call, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (var response in await command(call, cancellation))
            {
                yield return response;
            }
        }
    }
}
