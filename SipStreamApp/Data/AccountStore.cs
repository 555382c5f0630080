using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>Saved SIP accounts. Passwords go in encrypted and come out only as an identity handed to the engine.</summary>
internal sealed partial class AccountStore(
    Database database, IDataProtectionProvider protection, TimeProvider time, ILogger<AccountStore> logger)
{
    private readonly IDataProtector _protector = protection.CreateProtector("SipStreamApp.SipAccount.Password.v1");

    /// <summary>How long a deletion can be undone.</summary>
    public static TimeSpan UndoTime => TimeSpan.FromSeconds(30);

    public Task<Outcome<AccountList>> ListAsync(CancellationToken cancel) => database.ReadAsync<AccountList>(
        async db => new AccountList(await db.Accounts.AsNoTracking().Where(a => a.DeletedAt == null).OrderBy(a => a.Name).ThenBy(a => a.Id)
            .Select(a => new AccountView(
                a.Id, a.Name, a.Login, a.Domain, a.AuthenticationName, a.OutboundProxy, a.Port, a.Transport, a.RegisterRequired,
                a.ProtectedPassword != null, a.PasswordSetAt)
            {
                Answers = a.AnswersCalls ? new AnswerRule { Stream = a.AnswerStream ?? AnswerRule.DefaultStream, Callers = a.AnswerCallers ?? "" } : null,
            })
            .ToListAsync(cancel)),
        cancel);

    /// <summary>An account was saved, deleted or restored.</summary>
    public event Action? Changed;

    public Task<Outcome<SipAccount>> SaveAsync(AccountDraft draft, CancellationToken cancel) => ChangeAsync(
        async db =>
        {
            if (draft.Check().FirstOrDefault() is { Key: not null } wrong) return new Failure("invalid-field", Blame.Caller, wrong.Value) { Field = wrong.Key };
            var account = draft.Id == 0 ? null : await db.Accounts.FirstOrDefaultAsync(a => a.Id == draft.Id, cancel);
            if (draft.Id != 0 && account is null) return Gone;
            if (account is null) db.Accounts.Add(account = new SipAccount { Name = "", Login = "", Domain = "", CreatedAt = time.GetUtcNow() });
            account.Login = draft.Login.Trim();
            account.Domain = draft.Domain.Trim();
            account.Name = string.IsNullOrWhiteSpace(draft.Name) ? $"{account.Login} @ {account.Domain}" : draft.Name.Trim();
            account.AuthenticationName = Blank(draft.AuthenticationName);
            account.OutboundProxy = Blank(draft.OutboundProxy);
            account.Port = draft.Port;
            account.Transport = draft.Transport;
            account.RegisterRequired = draft.RegisterRequired;
            account.AnswersCalls = draft.AnswersCalls;
            account.AnswerStream = Blank(draft.AnswerStream);
            account.AnswerCallers = Blank(draft.AnswerCallers);
            if (draft.Password is { } password)
            {
                account.ProtectedPassword = password.Length == 0 ? null : _protector.Protect(password);
                account.PasswordSetAt = password.Length == 0 ? null : time.GetUtcNow();
            }

            await db.SaveChangesAsync(cancel);
            return account;
        },
        cancel);

    /// <summary>Deletes; <see cref="RestoreAsync"/> takes it back for a while, after which it is gone for good.</summary>
    public Task<Outcome<SipAccount>> DeleteAsync(int id, CancellationToken cancel) => MarkAsync(id, time.GetUtcNow(), cancel);

    public Task<Outcome<SipAccount>> RestoreAsync(int id, CancellationToken cancel) => MarkAsync(id, null, cancel);

    /// <summary>The identity to call with, password included. Never shown, never logged.</summary>
    public Task<Outcome<SipIdentity>> IdentityAsync(int id, CancellationToken cancel) => database.ReadAsync<SipIdentity>(
        async db =>
        {
            var account = await db.Accounts.AsNoTracking().FirstOrDefaultAsync(a => a.Id == id && a.DeletedAt == null, cancel);
            if (account is null) return Gone;
            string? password = null;
            try
            {
                if (account.ProtectedPassword is { } secret) password = _protector.Unprotect(secret);
            }
            catch (CryptographicException e)
            {
                Log.Unreadable(logger, id, e);
                return new Failure("password-unreadable", Blame.Server, "The saved password cannot be read", "The key it was encrypted with is gone. Enter the password again under Accounts.");
            }

            return new SipIdentity(account.Login, account.Domain)
            {
                AuthenticationName = account.AuthenticationName, Password = password, OutboundProxy = account.OutboundProxy,
                Port = account.Port, Transport = account.Transport, RegisterRequired = account.RegisterRequired,
            };
        },
        cancel);

    private static Failure Gone => new("account-not-found", Blame.Caller, "This account is gone", "Somebody deleted it; reload the page.");

    private async Task<Outcome<SipAccount>> ChangeAsync(Func<AppDb, Task<Outcome<SipAccount>>> change, CancellationToken cancel)
    {
        var changed = await database.WriteAsync(change, cancel);
        if (changed.Succeeded) Changed?.Invoke();
        return changed;
    }

    private Task<Outcome<SipAccount>> MarkAsync(int id, DateTimeOffset? deletedAt, CancellationToken cancel) => ChangeAsync(
        async db =>
        {
            var tooOld = time.GetUtcNow() - UndoTime;
            await db.Accounts.Where(a => a.DeletedAt != null && a.DeletedAt < tooOld).ExecuteDeleteAsync(cancel);
            if (await db.Accounts.FirstOrDefaultAsync(a => a.Id == id, cancel) is not { } account) return Gone;
            account.DeletedAt = deletedAt;
            await db.SaveChangesAsync(cancel);
            return account;
        },
        cancel);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static partial class Log
    {
        [LoggerMessage(EventIds.PasswordUnreadable, LogLevel.Error, "The password of account {Id} cannot be decrypted")]
        public static partial void Unreadable(ILogger logger, int id, Exception e);
    }
}
