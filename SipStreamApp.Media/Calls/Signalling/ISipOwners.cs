using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>Whoever a call of the user agent belongs to. Called on the sip loop.</summary>
internal interface ISipCallOwner
{
    void OnSip(SipCallEvent fact, Instant now);
}

/// <summary>Whoever a registration of the user agent belongs to. Called on the sip loop.</summary>
internal interface ISipRegistrationOwner
{
    void OnSip(SipRegistrationEvent fact, Instant now);
}
