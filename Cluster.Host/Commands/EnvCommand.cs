using System.CommandLine;
using Intellect3.Environments.Packages;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env</c>: writing environments and bringing them to a cluster.</summary>
internal sealed class EnvCommand : Command
{
    public EnvCommand(HostContext context)
        : base("env", "Environments: make one, pack it, validate it, bring it to a cluster.")
    {
        Add(new EnvNewCommand(context));
        Add(new EnvPackCommand(context));
        Add(new EnvValidateCommand(context));
        Add(new EnvPushCommand(context));
        Add(new EnvListCommand(context));
        Add(new EnvShowCommand(context));
        Add(new EnvHostCommand());
    }

    /// <summary>Reads a package file, or ends the command.</summary>
    public static EnvironmentPackage Open(string file)
    {
        try
        {
            return EnvironmentPackage.Open(file);
        }
        catch (PackageException e)
        {
            throw new CommandException($"{file} is no usable environment package", $"{e.Message}.", "Make one with `intellect3 env new` and `intellect3 env pack`.");
        }
    }
}
