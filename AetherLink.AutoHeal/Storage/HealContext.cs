using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Maintenance;
using Microsoft.EntityFrameworkCore;

namespace AetherLink.AutoHeal.Storage;

/// <summary>The schema of the healer.</summary>
internal sealed class HealContext(DbContextOptions<HealContext> options) : DbContext(options)
{
    public const string Schema = "auto_heal";

    public DbSet<Heal> Heals => Set<Heal>();

    public DbSet<MaintenanceWindow> Windows => Set<MaintenanceWindow>();

    public DbSet<UntoldChange> UntoldChanges => Set<UntoldChange>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Heal>(heal =>
        {
            heal.ToTable("heals");
            heal.HasKey(row => row.Id);
            heal.Ignore(row => row.DurationMs);
            heal.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            heal.Property(row => row.Target).HasColumnName("target");
            heal.Property(row => row.Kind).HasColumnName("kind");
            heal.Property(row => row.Action).HasColumnName("action");
            heal.Property(row => row.Reason).HasColumnName("reason");
            heal.Property(row => row.RequestedBy).HasColumnName("requested_by");
            heal.Property(row => row.Forced).HasColumnName("forced");
            heal.Property(row => row.Healer).HasColumnName("healer");
            heal.Property(row => row.Streak).HasColumnName("streak");
            heal.Property(row => row.FailingSince).HasColumnName("failing_since");
            heal.Property(row => row.StartedAt).HasColumnName("started_at");
            heal.Property(row => row.FinishedAt).HasColumnName("finished_at");
            heal.Property(row => row.Success).HasColumnName("success");
            heal.Property(row => row.Verified).HasColumnName("verified");
            heal.Property(row => row.Message).HasColumnName("message");
            heal.Property(row => row.TraceId).HasColumnName("trace_id");
            heal.Property(row => row.EscalatedAt).HasColumnName("escalated_at");
        });
        modelBuilder.Entity<MaintenanceWindow>(window =>
        {
            window.ToTable("maintenance_windows");
            window.HasKey(row => row.Id);
            window.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            window.Property(row => row.Target).HasColumnName("target");
            window.Property(row => row.StartsAt).HasColumnName("starts_at");
            window.Property(row => row.Until).HasColumnName("until");
            window.Property(row => row.Reason).HasColumnName("reason");
            window.Property(row => row.CreatedBy).HasColumnName("created_by");
            window.Property(row => row.TraceId).HasColumnName("trace_id");
        });
        modelBuilder.Entity<UntoldChange>(change =>
        {
            change.ToTable("untold_changes");
            change.HasKey(row => row.Id);
            change.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            change.Property(row => row.Change).HasColumnName("change");
        });
    }
}
