using Microsoft.EntityFrameworkCore;
using SipStreamApp.Data;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;

namespace SipStreamApp.Security;

/// <summary>The database as the stores of this folder use it: a refusing database is a failure in plain words.</summary>
internal sealed class SecurityData(Database database, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public Task<Outcome<T>> ReadAsync<T>(Func<AppDb, Task<Outcome<T>>> work, CancellationToken cancel)
        where T : class => database.ReadAsync(work, cancel);

    public Task<Outcome<T>> WriteAsync<T>(Func<AppDb, Task<Outcome<T>>> work, CancellationToken cancel)
        where T : class => database.WriteAsync(work, cancel);

    /// <summary>The tables of this folder.</summary>
    public static void Model(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.ToTable("Users");
            user.HasIndex(u => u.Name).IsUnique();
            user.Property(u => u.Name).HasMaxLength(64);
            user.Property(u => u.Role).HasConversion<string>().HasMaxLength(10);
            user.Property(u => u.Stamp).HasMaxLength(32);
        });
        model.Entity<ApiKey>(key =>
        {
            key.ToTable("ApiKeys");
            key.HasKey(k => k.Id);
            key.HasIndex(k => k.Hash).IsUnique();
            key.Property(k => k.Id).HasMaxLength(12);
            key.Property(k => k.Name).HasMaxLength(100);
            key.Property(k => k.Hash).HasMaxLength(64);
            key.Property(k => k.CreatedBy).HasMaxLength(64);
        });
        model.Entity<PlayLink>(link =>
        {
            link.ToTable("PlayLinks");
            link.HasKey(l => l.Id);
            link.HasIndex(l => l.ExpiresAt);
            link.Property(l => l.Id).HasMaxLength(12);
            link.Property(l => l.StreamName).HasMaxLength(64);
            link.Property(l => l.Label).HasMaxLength(100);
            link.Property(l => l.CreatedBy).HasMaxLength(64);
        });
        model.Entity<AuditRow>(row =>
        {
            row.ToTable("Audit");
            row.HasIndex(r => r.At);
            row.Property(r => r.Who).HasMaxLength(100);
            row.Property(r => r.Kind).HasConversion<string>().HasMaxLength(8);
            row.Property(r => r.Action).HasMaxLength(200);
            row.Property(r => r.Target).HasMaxLength(200);
            row.Property(r => r.Address).HasMaxLength(64);
        });
    }
}
