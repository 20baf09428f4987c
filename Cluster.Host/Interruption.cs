using System.Runtime.InteropServices;

namespace Intellect3.Cluster.Host;

/// <summary>Ctrl-C and SIGTERM: the first asks the command to finish what it must and leave, the second ends the process at once.</summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TextWriter _error;
    private readonly Action<int> _exit;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;

    /// <param name="error">Where the user is told what happens.</param>
    /// <param name="exit">Ends the process with this code.</param>
    public Interruption(TextWriter error, Action<int> exit) => (_error, _exit) = (error, exit);

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Listens to the signals of this process.</summary>
    /// <param name="error">Where the user is told what happens.</param>
    /// <param name="isChild">True for a child of a supervisor: a terminal sends Ctrl-C to both, and the supervisor decides what it means.</param>
    public static Interruption OfProcess(TextWriter error, bool isChild)
    {
        var interruption = new Interruption(error, Exit);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            interruption._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                if (!isChild || context.Signal != PosixSignal.SIGINT)
                {
                    interruption.Signal();
                }
            }));
        }

        return interruption;
    }

    /// <summary>Takes one signal. Called on a thread of the runtime.</summary>
    public void Signal()
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            _exit(ExitCode.Interrupted);
            return;
        }

        _error.WriteLine("stopping; Ctrl-C again ends at once");
        _stop.Cancel();
    }

    private static void Exit(int code)
    {
        if (!Console.IsOutputRedirected)
        {
            // The live display hides it.
            Console.CursorVisible = true;
        }

        Environment.Exit(code);
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _stop.Dispose();
    }
}
