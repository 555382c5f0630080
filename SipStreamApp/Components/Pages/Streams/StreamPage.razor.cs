using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Session;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Pages.Streams;

/// <summary>One stream: picture, links to share, who watches, what one does with it.</summary>
public partial class StreamPage
{
    private StreamSnapshot? _stream;
    private CallSnapshot? _call;
    private Verdict _verdict = new(VerdictLevel.Waiting, "");
    private IReadOnlyList<ViewerSnapshot> _viewers = [];
    private IReadOnlyList<HttpViewer> _players = [];
    private bool _wasThere;
    private bool _isSure;

    /// <summary>Its name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private SystemDoor Server { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private bool MayCall => Rights.May(Scopes.Control);

    // Then the plain links help nobody outside, and signed ones come first.
    private bool OnlyByLink => Server is { LoginRequired: true, Playback: PlaybackAccess.Link };

    /// <inheritdoc/>
    protected override void OnParametersSet() => Update(Live);

    internal override bool Update(LiveSnapshot live)
    {
        _stream = StreamName.TryParse(Name, out var name) ? live.Stream(name) : null;
        if (_stream is null) return true;
        _wasThere = true;
        _call = _stream.CallId is { } id ? live.Calls.LastOrDefault(c => c.Id == id && !c.IsEnded) : null;
        _verdict = StreamLook.Judge(_stream, _call, Time.GetUtcNow());
        _viewers = Engine.ViewersOf(_stream.Name);
        _players = Engine.HttpViewersOf(_stream.Name);
        return true;
    }

    private async Task KickAsync(ViewerSnapshot viewer)
    {
        await Engine.KickAsync(viewer);
        View.Refresh();
    }

    private async Task KickAsync(HttpViewer viewer)
    {
        await Engine.KickAsync(viewer);
        View.Refresh();
    }

    private async Task StopAsync()
    {
        // Viewers lose it, too: asked twice.
        if (!_isSure)
        {
            _isSure = true;
            return;
        }

        _isSure = false;
        if (_call is not null) await Engine.HangUpAsync(_call.Id);
        View.Refresh();
    }
}
