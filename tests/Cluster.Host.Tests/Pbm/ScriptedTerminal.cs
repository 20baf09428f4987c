using System.Text;
using Intellect3.Cluster.Host.Pbm;

namespace Intellect3.Cluster.Host.Tests.Pbm;

/// <summary>A terminal whose user types what the test says. Ctrl-C is typed once a condition holds.</summary>
internal sealed class ScriptedTerminal(string keys, Func<bool>? interruptWhen = null) : ITerminal
{
    /// <summary>Stands for Ctrl-C among the keys.</summary>
    public const char ControlC = '\u0003';

    private readonly Queue<char> _keys = new(keys);

    public StringBuilder Screen { get; } = new();

    public int Width => 80;

    public bool HasKey => _keys.TryPeek(out var key) && (key != ControlC || interruptWhen is null || interruptWhen());

    public ConsoleKeyInfo ReadKey() => Key(_keys.Dequeue());

    public void Write(string text) => Screen.Append(text);

    /// <summary>The key that gives a character.</summary>
    public static ConsoleKeyInfo Key(char character) => character switch
    {
        '\n' => new('\r', ConsoleKey.Enter, false, false, false),
        '\t' => new('\t', ConsoleKey.Tab, false, false, false),
        '↑' => new('\0', ConsoleKey.UpArrow, false, false, false),
        '↓' => new('\0', ConsoleKey.DownArrow, false, false, false),
        '←' => new('\0', ConsoleKey.LeftArrow, false, false, false),
        '→' => new('\0', ConsoleKey.RightArrow, false, false, false),
        '⌫' => new('\b', ConsoleKey.Backspace, false, false, false),
        '⌦' => new('\0', ConsoleKey.Delete, false, false, false),
        '⇤' => new('\0', ConsoleKey.Home, false, false, false),
        '⇥' => new('\0', ConsoleKey.End, false, false, false),
        < ' ' => new(character, ConsoleKey.A + (character - 1), false, false, true),
        _ => new(character, ConsoleKey.None, false, false, false),
    };
}
