using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Data;

/// <summary>Saved push targets. Keys go in encrypted and come out only inside of a request to the engine.</summary>
internal sealed partial class PushTargetStore(Database database, IDataProtectionProvider protection, TimeProvider time, ILogger<PushTargetStore> logger)
{
    private readonly IDataProtector _protector = protection.CreateProtector("SipStreamApp.PushTarget.Key.v1");

    /// <summary>How long a deletion can be undone.</summary>
    public static TimeSpan UndoTime => AccountStore.UndoTime;

    public Task<Outcome<PushTargetList>> ListAsync(CancellationToken cancel) => database.ReadAsync<PushTargetList>(
        async db => new PushTargetList(await db.PushTargets.AsNoTracking().Where(t => t.DeletedAt == null).OrderBy(t => t.Name).ThenBy(t => t.Id)
            .Select(t => new PushTargetView(t.Id, t.Name, t.Address, t.ProtectedKey != null, t.KeySetAt)).ToListAsync(cancel)),
        cancel);

    /// <summary>Saves a new or a changed one. Failure codes: "invalid-field" (all of them), "push-target-not-found", "database".</summary>
    public Task<Outcome<PushTargetView>> SaveAsync(PushTargetDraft draft, CancellationToken cancel) => database.WriteAsync<PushTargetView>(
        async db =>
        {
            var target = draft.Id == 0 ? null : await db.PushTargets.FirstOrDefaultAsync(t => t.Id == draft.Id && t.DeletedAt == null, cancel);
            if (draft.Id != 0 && target is null) return Gone;
            draft.Tidy(target?.ProtectedKey is not null);
            var wrong = draft.Check();
            if (wrong.Count > 0) return wrong.Select(w => new Failure("invalid-field", Blame.Caller, w.Value) { Field = w.Key }).ToList();
            if (target is null) db.PushTargets.Add(target = new SavedPushTarget { Name = "", Address = "", CreatedAt = time.GetUtcNow() });
            target.Address = draft.Address;
            target.Name = draft.Name.Length == 0 ? new Uri(draft.Address).Host : draft.Name;
            if (draft.Key is { } key)
            {
                target.ProtectedKey = key.Length == 0 ? null : _protector.Protect(key);
                target.KeySetAt = key.Length == 0 ? null : time.GetUtcNow();
            }

            await db.SaveChangesAsync(cancel);
            return new PushTargetView(target.Id, target.Name, target.Address, target.ProtectedKey is not null, target.KeySetAt);
        },
        cancel);

    /// <summary>Deletes; <see cref="RestoreAsync"/> takes it back for a while, after which it is gone for good.</summary>
    public Task<Outcome<SavedPushTarget>> DeleteAsync(int id, CancellationToken cancel) => MarkAsync(id, time.GetUtcNow(), cancel);

    public Task<Outcome<SavedPushTarget>> RestoreAsync(int id, CancellationToken cancel) => MarkAsync(id, null, cancel);

    public Task<Outcome<PushTargetView>> FindAsync(int id, CancellationToken cancel) => database.ReadAsync<PushTargetView>(
        async db => await db.PushTargets.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.DeletedAt == null, cancel) is { } found
            ? new PushTargetView(found.Id, found.Name, found.Address, found.ProtectedKey is not null, found.KeySetAt)
            : Gone,
        cancel);

    /// <summary>What to ask the engine for: with a key the whole address, without one the stream's name goes behind the address. Never shown, never logged.</summary>
    public Task<Outcome<PushRequest>> RequestAsync(int id, StreamName stream, CancellationToken cancel) => database.ReadAsync<PushRequest>(
        async db =>
        {
            if (await db.PushTargets.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id && t.DeletedAt == null, cancel) is not { } target) return Gone;
            if (target.ProtectedKey is not { } secret) return new PushRequest(stream, target.Address);
            try
            {
                return new PushRequest(stream, PushTarget.Join(target.Address, _protector.Unprotect(secret))) { FullUrl = true };
            }
            catch (CryptographicException e)
            {
                Log.Unreadable(logger, id, e);
                return new Failure("key-unreadable", Blame.Server, "The saved stream key cannot be read", "The key it was encrypted with is gone. Enter the stream key again.");
            }
        },
        cancel);

    private static Failure Gone => new("push-target-not-found", Blame.Caller, "This push target is gone", "Somebody deleted it; reload the page.");

    private Task<Outcome<SavedPushTarget>> MarkAsync(int id, DateTimeOffset? deletedAt, CancellationToken cancel) => database.WriteAsync<SavedPushTarget>(
        async db =>
        {
            var tooOld = time.GetUtcNow() - UndoTime;
            await db.PushTargets.Where(t => t.DeletedAt != null && t.DeletedAt < tooOld).ExecuteDeleteAsync(cancel);
            if (await db.PushTargets.FirstOrDefaultAsync(t => t.Id == id && (t.DeletedAt == null || deletedAt == null), cancel) is not { } target) return Gone;
            target.DeletedAt = deletedAt;
            await db.SaveChangesAsync(cancel);
            return target;
        },
        cancel);

    private static partial class Log
    {
        [LoggerMessage(EventIds.PushKeyUnreadable, LogLevel.Error, "The key of push target {Id} cannot be decrypted")]
        public static partial void Unreadable(ILogger logger, int id, Exception e);
    }
}
