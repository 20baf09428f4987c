using System.Text.Json;
using Intellect3.Model.Files;

namespace Intellect3.Actors.Coordination;

/// <summary>Keeps the book of runs in a coordinator's data directory, so that a restarted one goes on with the run that was active.</summary>
public static class RunBookFile
{
    /// <summary>Its name in the data directory.</summary>
    public const string Name = "runs.json";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads the book; an absent file is an empty one.</summary>
    /// <exception cref="InvalidDataException">The file is not a book of runs.</exception>
    public static RunBook Read(string directory)
    {
        var path = Path.Combine(directory, Name);
        if (!File.Exists(path))
        {
            return new RunBook([]);
        }

        try
        {
            return new RunBook(JsonSerializer.Deserialize<RunEntry[]>(File.ReadAllText(path), Options) ?? []);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is no list of runs: {exception.Message} Move it away; every run can still be resumed from its own directory.", exception);
        }
    }

    /// <summary>Replaces the file, whole or not at all.</summary>
    public static void Write(string directory, RunBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        Directory.CreateDirectory(directory);
        AtomicFile.WriteText(Path.Combine(directory, Name), JsonSerializer.Serialize(book.Entries, Options));
    }
}
