using Intellect3.Environments.Hosting;

// --package DIR --socket PATH
await EnvironmentServer.RunAsync(args[1], args[3], CancellationToken.None);
