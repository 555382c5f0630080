using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>
/// Keeps one identity reachable, whatever happens to its server, until disposed of: registered, or (a trunk) just known by its server's
/// addresses. A wrong password is not tried again: accounts are locked for that. Lives on the sip loop.
/// </summary>
internal sealed class KeptRegistration(CallServices services, SipIdentity who, AnswerRule? rule, Action<RegistrationChange> changed, Action<KeptRegistration> gone) : IAsyncDisposable
{
    // Who does not register has no other occasion to learn that its server's name stands for other addresses now.
    private static readonly TimeSpan LookAtTrunk = TimeSpan.FromMinutes(5);

    private LoopTimer? _timer;
    private RegistrationLease? _lease;
    private IReadOnlyList<SipEndpoint> _targets = [];
    private (RegistrationStatus Status, string? Code)? _told;
    private bool _over;

    public SipIdentity Identity => who;

    /// <summary>How its calls are answered; null where somebody is asked.</summary>
    public AnswerRule? Rule => rule;

    /// <summary>Its addresses; null where the identity is none.</summary>
    public SipAddresses? Addresses { get; private set; }

    /// <summary>Begins.</summary>
    public void Start()
    {
        if (!SipAddresses.TryFrom(who, out var addresses, out var wrong))
        {
            Tell(RegistrationStatus.Failed, wrong);
            return;
        }

        if (services.Options.Rules.CheckRegistration(addresses) is { } refused)
        {
            Tell(RegistrationStatus.Failed, CallCauses.Of(refused));
            return;
        }

        Addresses = addresses;
        _timer = services.Sip.Loop.CreateTimer(_ => Begin(addresses));
        Begin(addresses);
    }

    /// <summary>How surely an INVITE is for this identity; 0 where it is not.</summary>
    public int Matches(SipCallIncoming incoming)
    {
        var to = incoming.Invite.To?.Uri;
        var uri = incoming.Invite.RequestUri;
        if (_over || uri is null || !uri.User.Equals(who.Login, StringComparison.Ordinal)) return 0;
        // Nobody looks who calls before it is answered: what a stranger says of himself does not count, only that the account's own server passed it on.
        var isOfServer = _targets.Any(t => t.Address.Equals(incoming.From.Address));
        if (rule is not null && !isOfServer) return 0;
        // The user alone is guessed too easily by those who knock at every SIP port.
        if (to is not null && to.User == who.Login && to.Host.Equals(who.Domain, StringComparison.OrdinalIgnoreCase)) return 3;
        if (uri.Host.Equals(who.Domain, StringComparison.OrdinalIgnoreCase)) return 2;
        return isOfServer ? 1 : 0;
    }

    /// <summary>Gives it back; the last who wants it un-registers.</summary>
    public void Stop()
    {
        if (_over) return;
        _over = true;
        _timer?.Cancel();
        _lease?.Release(services.Sip.Loop.Now);
        _lease = null;
        gone(this);
        changed(new RegistrationChange(who, RegistrationStatus.Unregistered, null));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await services.Sip.Loop.InvokeAsync(() =>
            {
                Stop();
                return true;
            });
        }
        catch (ObjectDisposedException)
        {
            // The engine has stopped, and with it every registration.
        }
    }

    private void Begin(SipAddresses addresses) => _ = ResolveAsync(addresses.NextHop(addresses.Registrar));

    private async Task ResolveAsync(SipNextHop hop)
    {
        var route = await services.Sip.FindAsync(hop, CancellationToken.None);
        services.Sip.Loop.Post(() => OnResolved(route));
    }

    private void OnResolved(SipRoute route)
    {
        if (_over) return;
        var now = services.Sip.Loop.Now;
        if (route.Problem is { } problem)
        {
            // What was known goes on to count: name servers have outages of their own.
            if (_targets.Count == 0) Tell(RegistrationStatus.Failed, problem);
            _timer!.Set(now + services.Options.LookAgain);
            return;
        }

        var isMoved = !_targets.Select(t => t.Address).ToHashSet().SetEquals(route.Targets.Select(t => t.Address));
        _targets = route.Targets;
        if (!who.RegisterRequired)
        {
            Tell(RegistrationStatus.Listening, null);
            _timer!.Set(now + LookAtTrunk);
            return;
        }

        if (_lease is not null && !isMoved) return;
        _lease?.Release(now);
        _lease = services.Registrations.Acquire(who, Addresses!, route.Targets, now, null, OnNews);
    }

    private void OnNews(CallEnd? failure, bool isLast)
    {
        if (_over) return;
        if (failure is null)
        {
            _timer!.Cancel();
            Tell(RegistrationStatus.Registered, null);
            return;
        }

        var isPassword = isLast && failure.Code == "wrong-password";
        Tell(isPassword ? RegistrationStatus.AuthenticationFailed : RegistrationStatus.Failed, failure);
        if (isLast) _lease = null;

        // The machine repeats what may pass by itself, but at the addresses it was given: the server may have moved.
        if (!isPassword && _timer!.Deadline == Instant.Never) _timer.Set(services.Sip.Loop.Now + services.Options.LookAgain);
    }

    // A registrar that stays away is told of once, not at every attempt.
    private void Tell(RegistrationStatus status, CallEnd? cause)
    {
        if (_told == (status, cause?.Code)) return;
        _told = (status, cause?.Code);
        changed(new RegistrationChange(who, status, cause));
    }
}

/// <summary>All identities that calls may come in for. Lives on the sip loop; <see cref="Keep"/> may be called from anywhere.</summary>
internal sealed class KeptRegistrations(CallServices services)
{
    private readonly List<KeptRegistration> _kept = [];

    /// <summary>Registers and refreshes until the result is disposed of. <paramref name="rule"/> answers its calls; null asks somebody.</summary>
    public IAsyncDisposable Keep(SipIdentity who, AnswerRule? rule, Action<RegistrationChange> changed)
    {
        var kept = new KeptRegistration(services, who, rule, changed, k => _kept.Remove(k));
        services.Sip.Loop.Post(() =>
        {
            _kept.Add(kept);
            kept.Start();
        });
        return kept;
    }

    /// <summary>The identity that an INVITE is for, or null. Where somebody can be asked, a rule does not answer.</summary>
    public KeptRegistration? Find(SipCallIncoming incoming)
    {
        KeptRegistration? best = null;
        var most = 0;
        foreach (var kept in _kept)
        {
            var match = kept.Matches(incoming);
            if (match > most || match == most && best is { Rule: not null } && kept.Rule is null) (best, most) = (kept, match);
        }

        return best;
    }

    /// <summary>The engine stops: all are given back.</summary>
    public void Close()
    {
        foreach (var kept in _kept.ToArray()) kept.Stop();
    }
}
