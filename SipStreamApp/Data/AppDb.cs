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

    public DbSet<CallMessageRecord> CallMessages => Set<CallMessageRecord>();

    public DbSet<QualityRecord> Quality => Set<QualityRecord>();

    public DbSet<CallMarkRecord> CallMarks => Set<CallMarkRecord>();

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
            account.Property(a => a.AnswerStream).HasMaxLength(200);
            account.Property(a => a.AnswerCallers).HasMaxLength(2000);
        });
        modelBuilder.Entity<CallRecord>(call =>
        {
            call.Ignore(c => c.Duration);
            call.Ignore(c => c.Other);
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
        Traces(modelBuilder);
    }

    // All that is kept of a call goes with its row of the history.
    private static void Traces(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<CallMessageRecord>(message =>
        {
            message.ToTable("CallMessages").HasKey(m => new { m.CallRecordId, m.Number });
            message.HasOne<CallRecord>().WithMany().HasForeignKey(m => m.CallRecordId).OnDelete(DeleteBehavior.Cascade);
            message.Property(m => m.Local).HasMaxLength(64);
            message.Property(m => m.Peer).HasMaxLength(64);
            message.Property(m => m.Transport).HasMaxLength(4);
        });
        modelBuilder.Entity<QualityRecord>(quality =>
        {
            quality.ToTable("QualityBuckets").HasKey(q => new { q.CallRecordId, q.Medium, q.Minute });
            quality.HasOne<CallRecord>().WithMany().HasForeignKey(q => q.CallRecordId).OnDelete(DeleteBehavior.Cascade);
            quality.HasIndex(q => new { q.Step, q.CallRecordId });
        });
        modelBuilder.Entity<CallMarkRecord>(mark =>
        {
            mark.ToTable("CallMarks").HasKey(m => new { m.CallRecordId, m.Number });
            mark.HasOne<CallRecord>().WithMany().HasForeignKey(m => m.CallRecordId).OnDelete(DeleteBehavior.Cascade);
            mark.Property(m => m.Word).HasMaxLength(32);
            mark.Property(m => m.Key).HasMaxLength(40);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}
