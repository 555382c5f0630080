// RFC 3711 section 3.2.3: one index and one replay list for each SSRC under a master key
namespace SipStreamApp.Media.Srtp;

/// <summary>The sources that were heard under one key. Grows only by packets that proved authentic, up to a limit.</summary>
internal sealed class SrtpSources(int limit)
{
    private readonly (uint Ssrc, ReplayWindow Window)[] _sources = new (uint, ReplayWindow)[limit];
    private int _last;

    public int Count { get; private set; }

    public bool IsFull => Count == _sources.Length;

    /// <summary>The window of a source, or null where nothing genuine came from it yet.</summary>
    public ReplayWindow? Find(uint ssrc)
    {
        if (Count == 0) return null;
        if (_sources[_last].Ssrc == ssrc) return _sources[_last].Window;
        for (var i = 0; i < Count; i++)
        {
            if (_sources[i].Ssrc != ssrc) continue;
            _last = i;
            return _sources[i].Window;
        }

        return null;
    }

    /// <summary>Remembers an authentic packet.</summary>
    public void Commit(uint ssrc, ReplayWindow? window, ulong index)
    {
        if (window is not null) window.Commit(index);
        else _sources[Count++] = (ssrc, new ReplayWindow(index));
    }
}
