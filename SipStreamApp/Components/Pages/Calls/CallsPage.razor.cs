using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Calls;

/// <summary>The live table of calls.</summary>
public partial class CallsPage
{
    private readonly HashSet<CallId> _chosen = [];
    private string _text = "";
    private bool _isSure;

    internal enum CallKind
    {
        All,
        Ringing,
        Live,
        Trouble,
    }

    /// <summary>Which calls to show: ringing, live or trouble.</summary>
    [SupplyParameterFromQuery]
    public string? Show { get; set; }

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private bool MayCall => Rights.May(Scopes.Control);

    private CallKind Kind => Enum.TryParse<CallKind>(Show, ignoreCase: true, out var kind) ? kind : CallKind.All;

    private int LiveCount => Live.Calls.Count(c => !c.IsEnded);

    /// <summary>Newest first; those that ended stay for some seconds.</summary>
    private IReadOnlyList<CallSnapshot> Shown => [.. Live.Calls.Reverse().Where(c => Is(c, Kind) && Matches(c))];

    internal override bool Update(LiveSnapshot live)
    {
        if (_chosen.RemoveWhere(id => live.Calls.All(c => c.Id != id || c.IsEnded)) > 0) _isSure = false;
        return true;
    }

    private static string Codecs(CallSnapshot call)
    {
        var names = call.Media.OrderByDescending(m => m.Kind).Where(m => m.Format is not null).Select(m => m.Format!.EncodingName).ToList();
        return names.Count == 0 ? "–" : string.Join(" / ", names);
    }

    /// <summary>What the state's word does not say already.</summary>
    private static string Sub(CallSnapshot call) => Say.Beyond(call);

    private static string Name(CallKind kind) => kind switch { CallKind.Ringing => L("Ringing"), CallKind.Live => L("Live"), CallKind.Trouble => L("Trouble"), _ => L("All") };

    private bool Is(CallSnapshot call, CallKind kind) => kind switch
    {
        CallKind.Ringing => call is { IsEnded: false, AnsweredAt: null },
        CallKind.Live => call is { IsEnded: false, AnsweredAt: not null },
        CallKind.Trouble => Verdict.Of(call, Live.Stream(call.StreamName), Time.GetUtcNow()).IsTrouble,
        _ => true,
    };

    private bool Matches(CallSnapshot call) =>
        _text.Length == 0 || $"{call.Caller} {call.Callee} {call.StreamName} {call.Id} {call.Domain}".Contains(_text.Trim(), StringComparison.OrdinalIgnoreCase);

    private void Choose(CallKind kind) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("show", kind is CallKind.All ? null : kind.ToString().ToLowerInvariant()), replace: true);

    private void ShowAll()
    {
        _text = "";
        Choose(CallKind.All);
    }

    private void Pick(CallId id, bool isChosen)
    {
        _isSure = false;
        if (isChosen) _chosen.Add(id);
        else _chosen.Remove(id);
    }

    private void ChooseNone()
    {
        _isSure = false;
        _chosen.Clear();
    }

    private async Task HangUpChosenAsync()
    {
        // Several people lose their call: asked twice.
        if (!_isSure)
        {
            _isSure = true;
            return;
        }

        foreach (var id in _chosen.ToList()) await Engine.HangUpAsync(id);
        ChooseNone();
        View.Refresh();
    }

    private async Task HangUpAsync(CallId id)
    {
        await Engine.HangUpAsync(id);
        View.Refresh();
    }
}
