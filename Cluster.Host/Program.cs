using Intellect3.Cluster.Host;

var context = HostContext.OfProcess();
using var interruption = Interruption.OfProcess(context.Error);
return await HostApplication.RunAsync(args, context, interruption.Stop);
