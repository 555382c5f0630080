// RFC 8445 sections 7.3.1.3 (peer-reflexive candidates), 7.3.1.5 (nomination) and 8.1.1.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>The addresses a peer has proved to own the password from, and which of them media goes to. Bounded.</summary>
internal sealed class IceAddressBook(IceOptions options)
{
    private readonly Entry[] _entries = new Entry[options.MaxAddresses];
    // One check tells at most three things; they are taken after each.
    private readonly IceEvent[] _events = new IceEvent[8];
    private int _count;
    private int _firstEvent;
    private int _eventCount;
    private bool _nominated;

    public PeerAddress Selected { get; private set; }

    public void Note(in PeerAddress address, uint priority, bool nominate, Instant now)
    {
        ref var entry = ref Find(address);
        entry.LastCheckAt = now;
        entry.Priority = priority;
        if (nominate) entry.NominatedAt = now;
        if (address == Selected)
        {
            _nominated |= nominate;
            return;
        }

        // Until the browser nominates one, the first address that works will do: its handshake need not wait.
        if (Selected.IsEmpty || (nominate && (!_nominated || MayReplace(entry, now)))) Select(address, nominate);
    }

    public void Tell(in IceEvent happened)
    {
        if (_eventCount == _events.Length) return;
        _events[(_firstEvent + _eventCount++) % _events.Length] = happened;
    }

    public bool TryTakeEvent(out IceEvent happened)
    {
        happened = default;
        if (_eventCount == 0) return false;
        happened = _events[_firstEvent];
        _firstEvent = (_firstEvent + 1) % _events.Length;
        _eventCount--;
        return true;
    }

    // Browsers nominate the pair they use and go on doing so in each check, so the latest nomination is the right one. Agents with
    // aggressive nomination mark every check at the start and mean the highest priority: a lower one has to wait out the higher.
    private bool MayReplace(in Entry candidate, Instant now)
    {
        for (var i = 0; i < _count; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Address != Selected) continue;
            return candidate.Priority >= entry.Priority || now - entry.NominatedAt >= options.NominationHold;
        }

        return true;
    }

    private void Select(in PeerAddress address, bool nominated)
    {
        Selected = address;
        _nominated = nominated;
        Tell(new IceEvent(IceEventKind.Selected, address));
    }

    private ref Entry Find(in PeerAddress address)
    {
        for (var i = 0; i < _count; i++)
            if (_entries[i].Address == address) return ref _entries[i];

        var place = _count < _entries.Length ? _count++ : Oldest();
        ref var entry = ref _entries[place];
        if (!entry.Address.IsEmpty) Tell(new IceEvent(IceEventKind.AddressForgotten, entry.Address));
        entry = new Entry { Address = address };
        Tell(new IceEvent(IceEventKind.AddressLearned, address));
        return ref entry;
    }

    private int Oldest()
    {
        var oldest = -1;
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].Address == Selected) continue;
            if (oldest < 0 || _entries[i].LastCheckAt < _entries[oldest].LastCheckAt) oldest = i;
        }

        return oldest;
    }

    private struct Entry
    {
        public PeerAddress Address;
        public uint Priority;
        public Instant LastCheckAt;
        public Instant NominatedAt;
    }
}
