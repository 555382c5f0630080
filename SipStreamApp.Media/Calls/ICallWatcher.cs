namespace SipStreamApp.Media.Calls;

/// <summary>Hears what happens to calls. Called on the sip loop.</summary>
internal interface ICallWatcher
{
    /// <summary>A call changed its status, got its first packet or ended.</summary>
    void Changed(CallSession call);

    /// <summary>A transfer of a call went on.</summary>
    void Transferred(CallSession call, TransferStatus status);
}
