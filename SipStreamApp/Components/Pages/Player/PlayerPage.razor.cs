using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Pages.Streams;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Player;

/// <summary>Plays a stream by name or from the list.</summary>
public partial class PlayerPage
{
    private static (string? Method, string Name)[] Methods => [(null, L("Auto")), ("webrtc", "WebRTC"), ("mse", "MSE"), ("hls", "HLS")];
    private string _name = "";
    private string? _ended;
    private string? _playing;
    private string? _shown;
    private bool _stopped;
    private PlayerState? _state;
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();

    /// <summary>The stream to play at once.</summary>
    [SupplyParameterFromQuery]
    public string? Stream { get; set; }

    /// <summary>webrtc, mse or hls; missing: what works.</summary>
    [SupplyParameterFromQuery]
    public string? Method { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private string StateCss => _playing is null ? "ended" : _state?.State switch { "playing" => "live", "failed" => "error", _ => "busy" };

    private string StateWord => (_playing is null ? (_stopped ? "stopped" : "idle") : _state?.State ?? "connecting") switch
    {
        "idle" => L("IDLE"),
        "connecting" => L("CONNECTING"),
        "waiting" => L("WAITING"),
        "playing" => L("PLAYING"),
        "stopped" => L("STOPPED"),
        "failed" => L("FAILED"),
        var other => other.ToUpperInvariant(),
    };

    private string? Chosen => Methods.Any(m => m.Method == Method) ? Method : null;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (Stream == _shown) return;
        _shown = Stream;
        if (string.IsNullOrEmpty(Stream)) return;
        _name = Stream;
        Start();
    }

    internal override bool Update(LiveSnapshot live)
    {
        // The call's own words say best why there is nothing to see any more.
        if (_playing is not null && live.Calls.LastOrDefault(c => c.StreamName.Value == _playing) is { } call) _ended = call.End is { } end ? L("The call ended: {0}", end.Title) : null;
        return true;
    }

    private static string Describe(StreamSnapshot stream) =>
        stream.State is StreamState.Live ? $"{StreamLook.Tracks(stream)}, {StreamLook.Kbps(stream)} kbit/s" : StreamLook.Tracks(stream);

    private void Play()
    {
        if (!Start()) return;
        // The address can be shared; playing goes on undisturbed since only the query changes.
        _shown = _name;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters("/player", new Dictionary<string, object?> { ["stream"] = _name, ["method"] = Chosen }), replace: true);
    }

    private void Choose(StreamName name)
    {
        _name = name.Value;
        Play();
    }

    private void Choose(string? method) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("method", method), replace: true);

    private void Stop() => (_playing, _state, _stopped) = (null, null, true);

    private bool Start()
    {
        _name = _name.Trim();
        if (!StreamName.TryParse(_name, out _))
        {
            _errors = new Dictionary<string, string> { ["stream"] = L("1 to 64 letters, digits and . _ -") };
            return false;
        }

        _errors = new Dictionary<string, string>();
        if (_playing != _name) _state = null;
        (_playing, _stopped, _ended) = (_name, false, null);
        return true;
    }
}
