using Intellect3.Cluster.Host.Commands;

namespace Intellect3.Cluster.Host.Tests;

/// <summary>Calls of the program through its real entry point, in this process, in a folder of its own.</summary>
internal sealed class Calls : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("intellect3-").FullName;

    public FakeLauncher Launcher { get; } = new();

    public async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var context = new HostContext { Output = output, Error = error, Launcher = Launcher, Variable = _ => null, SdkFolder = Repository.SdkFolder };
        var exit = await HostApplication.RunAsync(arguments, context, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>A call that must be refused: exit code 2, nothing on standard output, a few lines that hold all of the parts and no stack trace.</summary>
    public async Task AssertRefusedAsync(string[] arguments, params string[] parts)
    {
        var (exit, output, error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Empty(output);
        Assert.All(parts, part => Assert.Contains(part, error, StringComparison.Ordinal));
        Assert.InRange(error.Count(c => c == '\n'), 1, 4);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Takes the request and does what the test says.</summary>
    internal sealed class FakeLauncher : IRunLauncher
    {
        public RunRequest? Request { get; private set; }

        public Func<RunRequest, int> Run { get; set; } = _ => ExitCode.Success;

        public Task<int> RunAsync(RunRequest request, CancellationToken stop)
        {
            Request = request;
            return Task.FromResult(Run(request));
        }
    }
}
