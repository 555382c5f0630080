using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.Modes;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Streams;

/// <summary>Signed links to one stream, for those who have no login.</summary>
public partial class ShareLinks : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<(PlayLink Link, string Address)>? _links;
    private Dictionary<string, string> _errors = [];
    private Failure? _failure;
    private ShareLife _life = ShareLife.All[1];
    private string _label = "";
    private int? _most;

    /// <summary>The stream's name.</summary>
    [Parameter, EditorRequired]
    public string Stream { get; set; } = "";

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private LinkDoor Store { get; set; } = default!;

    [Inject]
    private SystemDoor Server { get; set; } = default!;

    private static List<(ShareLife Value, string Text)> Lives => [.. ShareLife.All.Select(l => (l, l.Text))];

    // Why no link is needed, or none helps.
    private string? Note => Server switch
    {
        { LoginRequired: false } => L("This server answers to its own machine only, and there everybody may play. Links count as soon as users are required."),
        { Playback: PlaybackAccess.Public } => L("Whoever knows the stream's name may play it (Playback:Access is public). Set it to link, and streams open to links, users and API keys only."),
        { Playback: PlaybackAccess.User } => L("Only users and API keys may play (Playback:Access is user). Set it to link to share a stream with others."),
        _ => null,
    };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Note is null) await LoadAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task LoadAsync()
    {
        var list = await Store.ListAsync(_gone.Token);
        if (!list.Succeeded)
        {
            _failure = list.Failures[0];
            return;
        }

        _failure = null;
        _links = [.. list.Value.Links.Where(l => l.Link.StreamName == Stream).OrderByDescending(l => IsGood(l.Link))
            .Select(l => (l.Link, $"{Navigation.BaseUri}embed/{Uri.EscapeDataString(Stream)}?k={Uri.EscapeDataString(l.Token)}"))];
    }

    private async Task MakeAsync()
    {
        var label = _label.Trim();
        var made = await Store.CreateAsync(Stream, _life.Span, _most, label.Length > 0 ? label : null, _gone.Token);
        _errors = made.Failures.Where(f => f.Field is not null).ToDictionary(f => f.Field!, f => f.Title);
        if (made.Succeeded)
        {
            (_label, _most) = ("", null);
            await LoadAsync();
        }
        else if (_errors.Count == 0)
        {
            _failure = made.Failures[0];
        }
    }

    private async Task RevokeAsync(PlayLink link)
    {
        var failure = await Store.RevokeAsync(link.Id, _gone.Token);
        await LoadAsync();
        _failure ??= failure;
    }

    private bool IsGood(PlayLink link) => link.RevokedAt is null && link.ExpiresAt > Time.GetUtcNow();

    private string Facts(PlayLink link)
    {
        if (link.RevokedAt is not null) return L("taken back");
        if (link.ExpiresAt <= Time.GetUtcNow()) return L("ended {0}", Say.Exact(link.ExpiresAt));
        var watching = Store.Watching(link.Id);
        var most = link.MaxViewers is { } max ? L("{0} of {1} viewers", watching, max) : Say.Count(watching, "viewer");
        return L("until {0}, {1} now, made by {2}", Say.Exact(link.ExpiresAt), most, link.CreatedBy);
    }
}
