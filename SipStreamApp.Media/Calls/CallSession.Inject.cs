using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Calls;

/// <content>What the peer gets instead of silence: a stream of the hub, or a sound file.</content>
internal sealed partial class CallSession
{
    private LiveStream? _injected;
    private int _soundTurn;

    /// <summary>Sends a stream to the peer, now or as soon as there is somebody to send to; on the sip loop. Says what of it cannot be sent.</summary>
    public async Task<Failure?> InjectAsync(LiveStream stream)
    {
        if (_facts.IsEnded) return CallControlFailures.NotFound;
        _injected = stream;
        if (_media is not { } media) return null;
        var (sound, picture) = await media.SendAsync(s =>
        {
            s.Inject(stream);
            return (s.Sound?.Derived(stream.AudioFormat?.Codec), s.Picture?.Format?.Codec);
        });
        if (picture is { } sent && stream.VideoFormat?.Codec is { } given && given != sent) return CallControlFailures.PictureDiffers(sent, given);
        return sound is null ? null : _services.Hub.NoDerived;
    }

    /// <summary>Back to silence; false where nothing else was sent. On the sip loop.</summary>
    public async Task<bool> StopInjectingAsync()
    {
        _soundTurn++;
        var was = _injected is not null;
        _injected = null;
        if (_facts.IsEnded || _media is not { } media) return was;
        return await media.SendAsync(s =>
        {
            var any = s.Stream is not null || s.Sound is { HasClip: true };
            s.Inject(null);
            s.PlaySound(null);
            return any;
        }) || was;
    }

    /// <summary>Plays a file of the media folder, once; on the sip loop. Ready when it has begun.</summary>
    public async Task<Failure?> PlayAsync(string fileName, CancellationToken cancel)
    {
        if (_services.Sounds is not { } sounds) return CallControlFailures.NoSound;
        if (sounds.Check(fileName) is { } unknown) return unknown;
        if (_media is not { } media || _facts.AnsweredAt is null || _facts.IsEnded) return CallControlFailures.NotAnswered;
        var turn = ++_soundTurn;
        var codec = await media.SendAsync(s => s.Sound?.Format?.Codec);
        if (codec is not { } wanted) return CallControlFailures.NoSound;
        var packets = await sounds.LoadAsync(fileName, wanted, cancel);
        if (!packets.Succeeded) return packets.Failures[0];
        Play(packets.Value, 0, turn);
        return null;
    }

    private void Play(SoundPackets packets, int position, int turn)
    {
        if (turn == Volatile.Read(ref _soundTurn)) _media!.Send(s => s.PlaySound(packets, position));
    }

    // On the rtp loop: the codec changed while a file was played.
    private void OnClipWanted(string name, Codec codec, int position) => _ = PlayOnAsync(name, codec, position, Volatile.Read(ref _soundTurn));

    private async Task PlayOnAsync(string name, Codec codec, int position, int turn)
    {
        if (_services.Sounds is { } sounds && await sounds.LoadAsync(name, codec, CancellationToken.None) is { Succeeded: true } packets && position < packets.Value.Count)
            Play(packets.Value, position, turn);
    }

    private void OnInjectedEnded()
    {
        if (_injected is { State: StreamState.Ended }) _injected = null;
    }
}
