using System.Collections.Immutable;

namespace Intellect3.Actors.Administration.Commands;

/// <summary>The palettes that a node has. Filled when the node starts; asked from any thread, also meanwhile.</summary>
public sealed class PaletteRegistry
{
    private ImmutableList<PaletteHandler> _handlers = [];

    /// <summary>In the order in which they were registered.</summary>
    public IReadOnlyList<Palette> Palettes => [.. _handlers.Select(h => h.Palette)];

    /// <exception cref="ArgumentException">There is a palette of this name.</exception>
    public PaletteRegistry Register(PaletteHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_handlers.Exists(h => h.Palette.Name == handler.Palette.Name))
        {
            throw new ArgumentException($"there are two palettes '{handler.Palette.Name}'", nameof(handler));
        }

        _handlers = _handlers.Add(handler);
        return this;
    }

    /// <summary>Reads a call; nothing is done yet.</summary>
    /// <exception cref="CommandSyntaxException">It is wrong.</exception>
    public CommandCall Parse(string palette, string command, IReadOnlyList<string> arguments) =>
        CommandParser.Parse(CommandParser.Find(Palettes, palette, command), arguments);

    /// <summary>Does a call.</summary>
    /// <exception cref="CommandFailedException">It could not be done; thrown while the responses are read.</exception>
    public IAsyncEnumerable<CommandResponse> Run(string palette, CommandCall call, CancellationToken cancellation) =>
        _handlers.Find(h => h.Palette.Name == palette)!.Run(call, cancellation);
}
