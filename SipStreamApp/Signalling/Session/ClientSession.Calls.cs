using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// The phone of the session: its registration and calls.
internal sealed partial class ClientSession
{
    private void StartPhone()
    {
    }

    private void EndPhone()
    {
    }

    private bool DispatchCall(ClientMessage message) => false;
}
