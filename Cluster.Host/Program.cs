using Intellect3.Cluster.Host;
using Intellect3.Cluster.Host.Commands;

var context = HostContext.OfProcess();
using var interruption = Interruption.OfProcess(context.Error, isChild: args.Contains(NodeCommand.EndWithInput));
return await HostApplication.RunAsync(args, context, interruption.Stop);
