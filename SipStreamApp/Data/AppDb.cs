using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using SipStreamApp.Security;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;

namespace SipStreamApp.Data;

/// <summary>The database: saved accounts and push targets, the history of calls, the recordings, what waits for the webhook, and who may do what.</summary>
internal sealed class AppDb(DbContextOptions<AppDb> options) : DbContext(options)
{
    public DbSet<SipAccount> Accounts => Set<SipAccount>();

    public DbSet<CallRecord> Calls => Set<CallRecord>();

    public DbSet<RecordingRecord> Recordings => Set<RecordingRecord>();

    public DbSet<SavedPushTarget> PushTargets => Set<SavedPushTarget>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<User> Users => Set<User>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<PlayLink> PlayLinks => Set<PlayLink>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    // SQLite cannot compare DateTimeOffset; milliseconds since 1970 sort and filter.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SipAccount>(account =>
        {
            account.Property(a => a.Name).HasMaxLength(100);
            account.Property(a => a.Login).HasMaxLength(256);
            account.Property(a => a.Domain).HasMaxLength(256);
            account.Property(a => a.AuthenticationName).HasMaxLength(256);
            account.Property(a => a.OutboundProxy).HasMaxLength(256);
            account.Property(a => a.Transport).HasConversion<string>().HasMaxLength(8);
        });
        modelBuilder.Entity<CallRecord>(call =>
        {
            call.Ignore(c => c.Duration);
            call.HasIndex(c => c.StartedAt);
            call.HasIndex(c => new { c.CallId, c.StartedAt }).IsUnique();
            call.HasIndex(c => c.EndedAt);
            call.Property(c => c.CallId).HasMaxLength(128);
            call.Property(c => c.StreamName).HasMaxLength(64);
            call.Property(c => c.Status).HasMaxLength(20);
        });
        modelBuilder.Entity<RecordingRecord>(recording =>
        {
            recording.HasKey(r => r.Id);
            recording.HasIndex(r => r.StartedAt);
            recording.HasIndex(r => r.EndedAt);
            recording.Property(r => r.Id).HasMaxLength(32);
            recording.Property(r => r.StreamName).HasMaxLength(64);
            recording.Property(r => r.CallId).HasMaxLength(128);
            recording.Property(r => r.State).HasConversion<string>().HasMaxLength(12);
        });
        modelBuilder.Entity<SavedPushTarget>(target =>
        {
            target.ToTable("PushTargets");
            target.Property(t => t.Name).HasMaxLength(100);
            target.Property(t => t.Address).HasMaxLength(2048);
        });
        modelBuilder.Entity<WebhookDelivery>(delivery =>
        {
            delivery.HasIndex(d => new { d.State, d.ObjectKey, d.Id });
            delivery.HasIndex(d => new { d.State, d.NextAttemptAt });
            delivery.HasIndex(d => d.CreatedAt);
            delivery.Property(d => d.EventId).HasMaxLength(64);
            delivery.Property(d => d.Type).HasMaxLength(64);
            delivery.Property(d => d.ObjectKey).HasMaxLength(160);
            delivery.Property(d => d.State).HasConversion<string>().HasMaxLength(12);
        });
        SecurityData.Model(modelBuilder);
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}
