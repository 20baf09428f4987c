using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Rollouts;

/// <summary>An environment in the hands of a group; disposing gives it back.</summary>
public sealed class EnvironmentLoan : IDisposable
{
    private Action? _giveBack;

    internal EnvironmentLoan(IEnvironment environment, Action giveBack) => (Environment, _giveBack) = (environment, giveBack);

    public IEnvironment Environment { get; }

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
