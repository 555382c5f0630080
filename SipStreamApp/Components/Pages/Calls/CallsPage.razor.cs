using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Shared;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Components.Pages.Calls;

/// <summary>The live table of calls.</summary>
public partial class CallsPage
{
    [Inject]
    private MediaEngine Engine { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    private int LiveCount => Live.Calls.Count(c => !c.IsEnded);

    private static string Codecs(CallSnapshot call)
    {
        var names = call.Media.OrderByDescending(m => m.Kind).Where(m => m.Format is not null).Select(m => m.Format!.EncodingName).ToList();
        return names.Count == 0 ? "–" : string.Join(" / ", names);
    }

    /// <summary>What the state's word does not say already.</summary>
    private static string Sub(CallSnapshot call) => call.End?.Title ?? (call.Detail == Say.Look(call.Status).Word ? "" : call.Detail);

    private async Task HangUpAsync(CallId id)
    {
        await Engine.HangUpAsync(id);
        View.Refresh();
    }
}
