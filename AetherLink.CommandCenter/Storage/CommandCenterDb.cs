using AetherLink.CommandCenter.Alerts;
using AetherLink.CommandCenter.Alerts.Silencing;
using AetherLink.CommandCenter.Alerts.Templating;
using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Mesh;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.CommandCenter.Storage;

/// <summary>What is read and written row by row. The events go past it, in statements of their own.</summary>
internal sealed class CommandCenterDb(DbContextOptions<CommandCenterDb> options) : DbContext(options)
{
    public const string Schema = "command_center";
    public const string ConnectionName = "aetherlink";

    public DbSet<RetentionPolicy> RetentionPolicies => Set<RetentionPolicy>();

    public DbSet<RegisteredService> RegisteredServices => Set<RegisteredService>();

    public DbSet<AlertRule> AlertRules => Set<AlertRule>();

    public DbSet<Silence> Silences => Set<Silence>();

    public DbSet<TemplateRow> AlertTemplates => Set<TemplateRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.MapAlerts();
        modelBuilder.Entity<RetentionPolicy>(policy =>
        {
            policy.ToTable("retention_policies").HasKey(row => row.TenantId);
            policy.Property(row => row.TenantId).HasColumnName("tenant_id");
            policy.Property(row => row.RetentionDays).HasColumnName("retention_days");
        });
        modelBuilder.Entity<RegisteredService>(service =>
        {
            service.ToTable("registered_services").HasKey(row => row.Name);
            service.Property(row => row.Name).HasColumnName("name");
            service.Property(row => row.Url).HasColumnName("url");
            service.Property(row => row.HealthUrl).HasColumnName("health_url");
            service.Property(row => row.Version).HasColumnName("version");
            service.Property(row => row.RolesRequired).HasColumnName("roles_required");
            service.Property(row => row.Tags).HasColumnName("tags");
            service.Property(row => row.LastSeen).HasColumnName("last_seen");
        });
    }
}
