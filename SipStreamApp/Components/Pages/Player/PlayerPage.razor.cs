using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Components.Pages.Player;

/// <summary>Plays a stream by name or from the list.</summary>
public partial class PlayerPage
{
    private string _name = "";
    private string? _playing;
    private string? _shown;
    private bool _stopped;
    private PlayerState? _state;
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();

    /// <summary>The stream to play at once.</summary>
    [SupplyParameterFromQuery]
    public string? Stream { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string StateCss => _playing is null ? "ended" : _state?.State switch { "playing" => "live", "failed" => "error", _ => "busy" };

    private string Embed => $"""
        <script type="module" src="{Navigation.BaseUri}player/sip-stream-player.mjs"></script>
        <sip-stream-player stream="{_playing}" autoplay controls></sip-stream-player>
        """;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (Stream == _shown) return;
        _shown = Stream;
        if (string.IsNullOrEmpty(Stream)) return;
        _name = Stream;
        Start();
    }

    private static string Describe(StreamSnapshot stream)
    {
        if (stream.State is StreamState.Reserved) return "waiting for the call";
        var tracks = new[] { stream.Video, stream.Audio }.Where(t => t is not null).Select(t => CallProgress.Describe(t!.Format)).ToList();
        var rate = (stream.Video?.BitrateKbps ?? 0) + (stream.Audio?.BitrateKbps ?? 0);
        return tracks.Count == 0 ? "no media yet" : $"{string.Join(" / ", tracks)}, {Say.Fixed(rate, 0)} kbit/s";
    }

    private void Play()
    {
        if (!Start()) return;
        // The address can be shared; playing goes on undisturbed since only the query changes.
        _shown = _name;
        Navigation.NavigateTo($"/player?stream={Uri.EscapeDataString(_name)}", replace: true);
    }

    private void Choose(string name)
    {
        _name = name;
        Play();
    }

    private void Stop() => (_playing, _state, _stopped) = (null, null, true);

    private bool Start()
    {
        _name = _name.Trim();
        if (!StreamName.TryParse(_name, out _))
        {
            _errors = new Dictionary<string, string> { ["stream"] = "1 to 64 letters, digits and . _ -" };
            return false;
        }

        _errors = new Dictionary<string, string>();
        if (_playing != _name) _state = null;
        (_playing, _stopped) = (_name, false);
        return true;
    }
}
