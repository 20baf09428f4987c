using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Files.Safetensors;
using Intellect3.Model.Parameters;
using Intellect3.Model.Training;

namespace Intellect3.Model.Files.Checkpoints;

/// <summary>
/// The checkpoints of a run, one folder each: <c>model/</c> in Hugging Face's layout, <c>optimizer.safetensors</c>, and <c>manifest.json</c> with the hash of every
/// file. A checkpoint appears whole or not at all, and is on disk when <see cref="Write"/> returns. One writer at a time.
/// </summary>
public sealed class CheckpointStore
{
    public const string ModelSubfolder = "model";
    public const string OptimizerFile = "optimizer.safetensors";

    private const string FirstMoment = "first_moment";
    private const string SecondMoment = "second_moment";

    private readonly string _folder;
    private readonly int _keepLast;

    /// <param name="folder">Holds the checkpoints; made when the first is written.</param>
    /// <param name="keepLast">How many stay; at least 1.</param>
    public CheckpointStore(string folder, int keepLast)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast, 1);
        (_folder, _keepLast) = (Path.GetFullPath(folder), keepLast);
    }

    /// <summary>Writes a checkpoint, replacing one of its name, then deletes all but the newest; the one written always stays.</summary>
    /// <exception cref="CheckpointException">It could not be written; nothing of it stays and the earlier ones are as they were.</exception>
    public void Write(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (CheckpointName.Parse(state.Name) is null)
        {
            throw new ArgumentException($"a checkpoint is named step-N or warmup-N, not '{state.Name}'", nameof(state));
        }

        try
        {
            DeleteLeftovers();
            AtomicFolder.Write(Path.Combine(_folder, state.Name), temporary => WriteFiles(temporary, state));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(
                $"checkpoint {state.Name} could not be written to {_folder}: {exception.Message}. Earlier checkpoints are untouched; make the folder writable, with "
                + $"room for {3 * sizeof(float) * state.Parameters.Layout.Count / 1_000_000 + 1} MB, and continue the run from the newest.",
                exception);
        }

        DeleteOld(state.Name);
    }

    /// <summary>Every checkpoint of the folder, held against its hashes.</summary>
    /// <exception cref="CheckpointException">The folder cannot be read.</exception>
    public CheckpointScan Scan()
    {
        var complete = new List<CheckpointName>();
        var skipped = new List<SkippedCheckpoint>();
        foreach (var path in Folders())
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith(AtomicFolder.TemporaryPrefix, StringComparison.Ordinal))
            {
                skipped.Add(new SkippedCheckpoint(name, "was being written or deleted when the program ended"));
            }
            else if (CheckpointName.Parse(name) is { } parsed)
            {
                try
                {
                    CheckpointManifest.Verify(path);
                    complete.Add(parsed);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
                {
                    skipped.Add(new SkippedCheckpoint(name, exception.Message));
                }
            }
        }

        return new CheckpointScan([.. complete.OrderByDescending(name => name.Order).Select(name => name.ToString())], [.. skipped.OrderBy(s => s.Name, StringComparer.Ordinal)]);
    }

    /// <summary>Verifies and reads a checkpoint. The caller disposes what comes back.</summary>
    /// <exception cref="CheckpointException">There is none of that name, or it is damaged.</exception>
    public LoadedCheckpoint Load(string name)
    {
        var path = Path.Combine(_folder, name);
        if (CheckpointName.Parse(name) is null || !Directory.Exists(path))
        {
            throw new CheckpointException($"{_folder} has no checkpoint '{name}'; there are: {string.Join(", ", Scan().Complete)}");
        }

        try
        {
            var manifest = CheckpointManifest.Verify(path);
            var model = ModelFolder.Load(Path.Combine(path, ModelSubfolder));
            try
            {
                return new LoadedCheckpoint(name, manifest.Step, manifest.Phase, model.Config, model.Parameters, ReadOptimizer(path, manifest.OptimizerStep), manifest.Extras);
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or ModelFolderException or SafetensorsException)
        {
            throw new CheckpointException($"checkpoint {name} in {_folder} cannot be used: {exception.Message}. Continue from an earlier one, or bring the files back from a copy.", exception);
        }
    }

    private static void WriteFiles(string folder, CheckpointState state)
    {
        var model = Path.Combine(folder, ModelSubfolder);
        Directory.CreateDirectory(model);
        ModelFolder.Write(model, state.Config, state.Parameters, state.Tokenizer);
        var (first, second) = (state.Optimizer.FirstMoment, state.Optimizer.SecondMoment);
        TensorSpec[] moments = [new(FirstMoment, [first.Length], 0), new(SecondMoment, [second.Length], first.Length)];
        SafetensorsWriter.Write(Path.Combine(folder, OptimizerFile), moments, moment => moment.Name == FirstMoment ? first : second);
        AtomicFile.WriteText(Path.Combine(folder, CheckpointManifest.FileName), CheckpointManifest.Of(state, folder).ToJson());
    }

    private static OptimizerState ReadOptimizer(string folder, long step)
    {
        using var file = SafetensorsFile.Open(Path.Combine(folder, OptimizerFile));
        return new OptimizerState(step, file.ReadArray<float>(FirstMoment), file.ReadArray<float>(SecondMoment));
    }

    private void DeleteLeftovers()
    {
        foreach (var leftover in Folders().Where(path => Path.GetFileName(path).StartsWith(AtomicFolder.TemporaryPrefix, StringComparison.Ordinal)))
        {
            Directory.Delete(leftover, recursive: true);
        }
    }

    /// <summary>Renames before it deletes, so that a checkpoint is never half there.</summary>
    private void DeleteOld(string written)
    {
        var old = Folders().Select(path => Path.GetFileName(path))
            .Where(name => CheckpointName.Parse(name) is not null)
            .OrderByDescending(name => CheckpointName.Parse(name)!.Value.Order)
            .Skip(_keepLast)
            .Where(name => name != written);
        foreach (var name in old.ToList())
        {
            var doomed = Path.Combine(_folder, $"{AtomicFolder.TemporaryPrefix}{name}-old");
            try
            {
                Directory.Move(Path.Combine(_folder, name), doomed);
                Directory.Delete(doomed, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new CheckpointException($"checkpoint {written} is written, but the old {name} could not be deleted from {_folder}: {exception.Message}. Delete it by hand.", exception);
            }
        }
    }

    private string[] Folders()
    {
        try
        {
            return Directory.Exists(_folder) ? Directory.GetDirectories(_folder) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{_folder} cannot be read: {exception.Message}. Make it readable.", exception);
        }
    }
}
