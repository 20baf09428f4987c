using System.Diagnostics;
using System.Text;
using Intellect3.Cluster.Host.Tests.Pbm;

namespace Intellect3.Cluster.Host.Tests.Commands;

/// <summary>The real program in a pseudo-terminal, which <c>script</c> of util-linux makes.</summary>
public sealed class PbmTerminalTests
{
    private const string Script = "/usr/bin/script";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static string Executable { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "..", "..", "Cluster.Host", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "intellect3"));

    [SkippableFact]
    public async Task A_user_types_completes_interrupts_and_leaves()
    {
        Skip.IfNot(File.Exists(Script), $"{Script} (util-linux) is not on this machine: the prompt is not tested in a terminal");
        Skip.IfNot(File.Exists(Executable), $"{Executable} is not built: the prompt is not tested in a terminal");
        await using var palettes = await TestPalettes.StartAsync();
        using var terminal = new PseudoTerminal($"{Executable} pbm {palettes.Address}");

        await terminal.SeesAsync("pbm> ");
        await terminal.TypeAsync("sam\tec\thello\r");
        await terminal.SeesAsync("WORDS", "hello", "pbm> ");
        await terminal.TypeAsync("sample \t");
        await terminal.SeesAsync("echo  change  fail  stuck  tail");
        await terminal.TypeAsync("tail\r");
        await terminal.SeesAsync("begins");
        await terminal.TypeAsync("\u0003");
        await palettes.Left.WaitAsync(Soon);
        await terminal.SeesAsync("pbm> ");
        await terminal.TypeAsync("\u001b[A\u001b[A\r");
        await terminal.SeesAsync("WORDS", "hello", "pbm> ");
        await terminal.TypeAsync("exit\r");

        Assert.Equal(0, await terminal.EndsAsync());
    }

    /// <summary>A program in a terminal: what it shows is read in order.</summary>
    private sealed class PseudoTerminal : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _seen = new();
        private readonly char[] _buffer = new char[4096];
        private int _read;

        public PseudoTerminal(string command)
        {
            var start = new ProcessStartInfo(Script, ["--quiet", "--return", "--command", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
            start.Environment["TERM"] = "xterm";
            _process = Process.Start(start)!;
        }

        public async Task TypeAsync(string keys)
        {
            await _process.StandardInput.WriteAsync(keys);
            await _process.StandardInput.FlushAsync();
        }

        /// <summary>Returns when all of these have been shown since the last time, in this order.</summary>
        public async Task SeesAsync(params string[] texts)
        {
            foreach (var text in texts)
            {
                int at;
                while ((at = _seen.ToString().IndexOf(text, _read, StringComparison.Ordinal)) < 0)
                {
                    using var deadline = new CancellationTokenSource(Soon);
                    var count = 0;
                    try
                    {
                        count = await _process.StandardOutput.ReadAsync(_buffer, deadline.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        // Said below.
                    }

                    Assert.True(count > 0, $"expected '{text}' within {Soon}; the terminal showed:\n{_seen}");
                    _seen.Append(_buffer, 0, count);
                }

                _read = at + text.Length;
            }
        }

        public async Task<int> EndsAsync()
        {
            await _process.StandardOutput.ReadToEndAsync().WaitAsync(Soon);
            await _process.WaitForExitAsync().WaitAsync(Soon);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }
    }
}
