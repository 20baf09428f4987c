using System.Text;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>
/// Goes through HOCON for the place of every key and for what is broken. It knows what settings need: objects, dotted and quoted keys, <c>=</c> and <c>:</c>, comments, quoted
/// values (triple quotes included), values up to the end of the line. Lists and includes are refused: no setting takes a list, and a file names what it builds on by <c>recipe</c>.
/// </summary>
internal sealed class HoconOutline(string text)
{
    private readonly Dictionary<string, int> _keys = [];
    private int _at;
    private int _line = 1;

    /// <summary>Every key that has a value, and the line that sets it last.</summary>
    /// <exception cref="HoconSyntaxException">The text is broken.</exception>
    public IReadOnlyDictionary<string, int> Keys()
    {
        SkipBlank();
        if (TryTake('{'))
        {
            Body("", _line);
        }
        else
        {
            Body("", openedAt: null);
        }

        SkipBlank();
        return _at == text.Length ? _keys : throw Error("Nothing may follow the closing '}'.");
    }

    // Entries up to the brace that closes the object, or to the end of the text at the root.
    private void Body(string prefix, int? openedAt)
    {
        while (true)
        {
            SkipBlank();
            if (TryTake(','))
            {
                continue;
            }

            if (_at == text.Length)
            {
                if (openedAt is { } line)
                {
                    throw new HoconSyntaxException(line, "The '{' opened here is never closed. Add a '}'.");
                }

                return;
            }

            if (TryTake('}'))
            {
                if (openedAt is null)
                {
                    throw Error("This '}' closes nothing. Remove it, or add the '{' before it.");
                }

                return;
            }

            Entry(prefix);
        }
    }

    private void Entry(string prefix)
    {
        var line = _line;
        var key = prefix + Key();
        SkipSpaces();
        if (TryTake('{'))
        {
            Body(key + ".", line);
        }
        else if (TryTake('=') || TryTake(':'))
        {
            SkipSpaces();
            if (TryTake('{'))
            {
                Body(key + ".", line);
            }
            else
            {
                Value(key);
                _keys[key] = line;
            }
        }
        else
        {
            throw Error(key == "include" ? "Files are not included here. Name the recipe to build on: recipe = parity." : $"'{key}' has no value. Write {key} = VALUE.");
        }

        SkipSpaces();
        if (_at < text.Length && Current is not ('\n' or ',' or '}'))
        {
            throw Error($"Something follows the value of '{key}'. Put each setting on a line of its own, or a comma between two.");
        }
    }

    private string Key()
    {
        var key = new StringBuilder();
        do
        {
            if (TryTake('"'))
            {
                var end = text.IndexOfAny(['"', '\n'], _at);
                if (end < 0 || text[end] == '\n')
                {
                    throw Error("The quote that opens this key is never closed.");
                }

                key.Append(text, _at, end - _at);
                _at = end + 1;
                continue;
            }

            var start = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(Current) || Current is '-' or '_'))
            {
                _at++;
            }

            if (_at == start)
            {
                throw Error(_at < text.Length ? $"A key was expected, but '{Current}' stands here." : "A key was expected, but the file ends here.");
            }

            key.Append(text, start, _at - start);
        }
        while (TryTake('.') && key.Append('.') is not null);

        return key.ToString();
    }

    private void Value(string key)
    {
        var start = _at;
        while (_at < text.Length && Current is not ('\n' or ',' or '}') && !AtComment)
        {
            switch (Current)
            {
                case '"':
                    Quoted();
                    break;
                case '$' when _at + 1 < text.Length && text[_at + 1] == '{':
                    _at = text.IndexOf('}', _at) is >= 0 and var end ? end + 1 : throw Error("This '${' is never closed. Add a '}'.");
                    break;
                case '[':
                    throw Error($"'{key}' is given a list, but no setting takes one.");
                case '=' or ':' or '{':
                    throw Error($"The value of '{key}' holds a '{Current}'. Put it in quotes, or each setting on a line of its own.");
                default:
                    _at++;
                    break;
            }
        }

        if (string.IsNullOrWhiteSpace(text[start.._at]))
        {
            throw Error($"'{key}' has no value. Write {key} = VALUE.");
        }
    }

    private void Quoted()
    {
        if (string.CompareOrdinal(text, _at, "\"\"\"", 0, 3) == 0)
        {
            var close = text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal);
            var end = close < 0 ? throw Error("The triple quote opened here is never closed.") : close + 3;
            _line += text.AsSpan(_at, end - _at).Count('\n');
            _at = end;
            return;
        }

        for (_at++; _at < text.Length && Current != '\n'; _at++)
        {
            if (Current == '\\')
            {
                _at++;
            }
            else if (Current == '"')
            {
                _at++;
                return;
            }
        }

        throw Error("The quote opened on this line is never closed.");
    }

    private void SkipBlank()
    {
        for (SkipSpaces(); _at < text.Length && Current == '\n'; SkipSpaces())
        {
            _at++;
            _line++;
        }
    }

    // Spaces and a comment, up to the line's end.
    private void SkipSpaces()
    {
        while (_at < text.Length && Current != '\n' && (char.IsWhiteSpace(Current) || Current == '\uFEFF'))
        {
            _at++;
        }

        if (AtComment)
        {
            _at = text.IndexOf('\n', _at) is >= 0 and var end ? end : text.Length;
        }
    }

    private char Current => text[_at];

    private bool AtComment => _at < text.Length && (Current == '#' || (Current == '/' && _at + 1 < text.Length && text[_at + 1] == '/'));

    private bool TryTake(char c)
    {
        var found = _at < text.Length && Current == c;
        _at += found ? 1 : 0;
        return found;
    }

    private HoconSyntaxException Error(string message) => new(_line, message);
}
