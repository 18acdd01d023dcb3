using AetherLink.CommandCenter;

await CommandCenterHost.Build(args).RunAsync();
