// RFC 8445 section 2.5 and 7.3: a lite agent answers connectivity checks and never sends any. It is always controlled.
using System.Text;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>
/// One peer's checks. State changes only after a check with the right password; everything else gets at most one small,
/// rate-limited error. Peer candidates are learned from the checks (peer-reflexive): those in the offer are not needed.
/// </summary>
internal sealed class IceLiteAgent
{
    private readonly IceOptions _options;
    private readonly byte[] _password;
    private readonly byte[] _username;
    private readonly IceAddressBook _book;
    private readonly byte[] _response = new byte[128];
    private int _responseLength;
    private PeerAddress _responseTo;
    private Instant _nextError = Instant.Zero;
    private bool _lost;

    public IceLiteAgent(IceCredentials local, string remoteUfrag, IceOptions options, Instant now)
    {
        _options = options;
        _password = Encoding.ASCII.GetBytes(local.Password);
        _username = Encoding.ASCII.GetBytes($"{local.Ufrag}:{remoteUfrag}");
        _book = new IceAddressBook(options);
        LastCheckAt = now;
    }

    /// <summary>When the last good check came (or the agent was made): consent.</summary>
    public Instant LastCheckAt { get; private set; }

    /// <summary>Good checks so far.</summary>
    public long Checks { get; private set; }

    /// <summary>Requests that were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Where media goes; empty before the first good check.</summary>
    public PeerAddress Selected => _book.Selected;

    /// <summary>When consent runs out.</summary>
    public Instant NextDeadline => _lost ? Instant.Never : LastCheckAt + _options.ConsentTimeout;

    /// <summary>Takes one datagram that looks like STUN. The response, if any, is to be taken before the next call.</summary>
    public void Receive(ReadOnlySpan<byte> datagram, in PeerAddress from, Instant now)
    {
        _responseLength = 0;
        if (_lost || !StunMessage.TryParse(datagram, out var message) || message.Type != StunType.BindingRequest) return;
        var code = Judge(message);
        if (code != 0)
        {
            Refuse(message, code, from, now);
            return;
        }

        Checks++;
        LastCheckAt = now;
        _book.Note(from, message.Priority ?? 0, message.UseCandidate, now);
        var writer = new StunWriter(_response, StunType.BindingSuccess, message.TransactionId);
        writer.XorMappedAddress(from);
        Answer(writer.Finish(_password), from);
    }

    /// <summary>Looks whether consent has run out.</summary>
    public void Tick(Instant now)
    {
        if (_lost || now < NextDeadline) return;
        _lost = true;
        _book.Tell(new IceEvent(IceEventKind.ConsentLost, Selected));
    }

    /// <summary>The response to the last datagram.</summary>
    public bool TryTakeDatagram(out ReadOnlySpan<byte> datagram, out PeerAddress to)
    {
        datagram = _response.AsSpan(0, _responseLength);
        to = _responseTo;
        _responseLength = 0;
        return !datagram.IsEmpty;
    }

    /// <summary>The next thing to tell.</summary>
    public bool TryTakeEvent(out IceEvent happened) => _book.TryTakeEvent(out happened);

    // RFC 8489 section 9.1.3 and RFC 8445 section 7.3.1.1.
    private int Judge(scoped in StunMessage message)
    {
        if (!message.HasIntegrity || message.Username.IsEmpty) return 400;
        if (!message.Username.SequenceEqual(_username) || !message.HasValidIntegrity(_password)) return 401;
        if (message.UnknownAttribute != 0) return 420;
        // Both sides controlled: a lite agent cannot take over, so the other one has to, whatever the tie-breakers say.
        return message.IceControlled is null ? 0 : 487;
    }

    private void Refuse(scoped in StunMessage message, int code, in PeerAddress from, Instant now)
    {
        Refused++;
        // The sender may be forged: answers must not be worth forging for.
        if (now < _nextError) return;
        _nextError = now + _options.ErrorSpacing;
        var writer = new StunWriter(_response, StunType.BindingError, message.TransactionId);
        writer.Error(code, code switch { 400 => "Bad Request"u8, 401 => "Unauthorized"u8, 420 => "Unknown Attribute"u8, _ => "Role Conflict"u8 });
        if (code == 420)
        {
            Span<byte> unknown = [(byte)(message.UnknownAttribute >> 8), (byte)message.UnknownAttribute];
            writer.Attribute(StunAttribute.UnknownAttributes, unknown);
        }

        // An error to somebody who did not prove the password is not signed with it.
        Answer(writer.Finish(code is 420 or 487 ? _password : []), from);
    }

    private void Answer(int length, in PeerAddress to) => (_responseLength, _responseTo) = (length, to);
}
