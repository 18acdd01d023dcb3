using System.Text.Json;
using AetherLink.CommandCenter.Alerts.Silencing;
using AetherLink.CommandCenter.Alerts.Templating;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>The slice's rows, for what is read and written one by one. Columns are called as the fields are on the wire.</summary>
internal static class AlertsModel
{
    public static void MapAlerts(this ModelBuilder model)
    {
        model.Entity<AlertRule>(rule =>
        {
            rule.ToTable("alert_rules").HasKey(row => row.RuleId);
            rule.Property(row => row.AlertSeverity).HasConversion<short>();
            rule.Columns();
        });
        model.Entity<Silence>(silence =>
        {
            silence.ToTable("alert_silences").HasKey(row => row.SilenceId);
            silence.Property(row => row.Seq).ValueGeneratedOnAdd();
            silence.Property(row => row.MatchersJson).HasColumnType("jsonb");
            silence.Columns();
            silence.Property(row => row.MatchersJson).HasColumnName("matchers");
        });
        model.Entity<TemplateRow>(template =>
        {
            template.ToTable("alert_templates").HasKey(row => row.TemplateId);
            template.Property(row => row.Rule).HasColumnType("jsonb");
            template.Columns();
        });
    }

    private static void Columns<T>(this EntityTypeBuilder<T> entity) where T : class
    {
        foreach (var property in entity.Metadata.GetProperties())
        {
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }
}
