using AetherLink.Orchestrator;

WebApplication.CreateBuilder(args).AddOrchestrator().Build().MapOrchestrator().Run();
