using System.Collections.Immutable;
using SipStreamApp.Data;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Answering;

/// <summary>
/// Keeps the saved accounts that answer calls reachable: registered where they register, from the start of the program to its end. What is
/// changed on the page counts at once; calls that are up stay.
/// </summary>
internal sealed partial class AnsweringAccounts(AccountStore accounts, MediaEngine engine, ILogger<AnsweringAccounts> logger) : BackgroundService
{
    // The database may be locked or away: the page says so meanwhile.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, AnsweringLine> _lines = [];
    private readonly SemaphoreSlim _wake = new(1);
    private ImmutableDictionary<int, AccountStand> _stands = ImmutableDictionary<int, AccountStand>.Empty;

    /// <summary>Where the accounts stand that answer calls, by their id; another object after each change. Any thread.</summary>
    public ImmutableDictionary<int, AccountStand> Stands => Volatile.Read(ref _stands);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        accounts.Changed += Wake;
        try
        {
            var isDone = true;
            while (true)
            {
                await _wake.WaitAsync(isDone ? Timeout.InfiniteTimeSpan : Again, stoppingToken);
                isDone = await ApplyAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The engine gives the registrations back.
        }
        finally
        {
            accounts.Changed -= Wake;
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    // False: to be tried again in a while.
    private async Task<bool> ApplyAsync(CancellationToken cancel)
    {
        var list = await accounts.ListAsync(cancel);
        if (!list.Succeeded) return false;
        var wanted = list.Value.Accounts.Where(a => a.Answers is not null).ToList();
        foreach (var id in Stands.Keys.Union(_lines.Keys).Except(wanted.Select(a => a.Id)).ToArray()) await CloseAsync(id);
        var isDone = true;
        foreach (var account in wanted) isDone &= await OpenAsync(account, account.Answers!, cancel);
        return isDone;
    }

    private async Task<bool> OpenAsync(AccountView account, AnswerRule rule, CancellationToken cancel)
    {
        var identity = await accounts.IdentityAsync(account.Id, cancel);
        if (!identity.Succeeded)
        {
            await CloseAsync(account.Id);
            var failure = identity.Failures[0];
            SetStand(account, rule, new AccountStand(RegistrationStatus.Failed, failure.Title, failure.Advice));

            // What cannot be read stays so until a new password is saved, and that wakes us.
            return failure.Code == "password-unreadable";
        }

        if (_lines.TryGetValue(account.Id, out var open))
        {
            if (open.Is(identity.Value, rule)) return true;
            await CloseAsync(account.Id);
        }

        _lines[account.Id] = new AnsweringLine(engine, identity.Value, rule, news => SetStand(account, rule, AccountStand.Of(news)));
        return true;
    }

    private async Task CloseAsync(int id)
    {
        if (_lines.Remove(id, out var line)) await line.DisposeAsync();
        ImmutableInterlocked.TryRemove(ref _stands, id, out _);
    }

    // On the sip loop, too.
    private void SetStand(AccountView account, AnswerRule rule, AccountStand stand)
    {
        if (stand == Stands.GetValueOrDefault(account.Id)) return;
        ImmutableInterlocked.AddOrUpdate(ref _stands, account.Id, stand, (_, _) => stand);
        if (stand.Problem is { } problem) Log.Unreachable(logger, account.Name, problem);
        else if (stand.CanBeCalled) Log.Reachable(logger, account.Name, rule.Stream);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.AccountAnswers, LogLevel.Information, "Account {Account} answers calls; they become the stream {Stream}")]
        public static partial void Reachable(ILogger logger, string account, string stream);

        [LoggerMessage(EventIds.AccountUnreachable, LogLevel.Warning, "Account {Account} cannot be called: {Problem}")]
        public static partial void Unreachable(ILogger logger, string account, string problem);
    }
}
