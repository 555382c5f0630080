using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using SipStreamApp.Data;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.History;

/// <summary>The searchable history: only the rows on screen are in the page. Filters and order stand in the address.</summary>
public partial class HistoryPage : IDisposable
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(250);

    private static (HistorySort? Sort, string Text, string Css)[] Columns =>
    [
        (HistorySort.Start, L("Start"), ""), (null, L("Result"), ""), (HistorySort.Caller, L("Caller"), ""), (HistorySort.Callee, L("Callee"), ""), (HistorySort.Stream, L("Stream"), ""), (null, L("Duration"), "num"),
        (HistorySort.Sip, "SIP", "num"), (null, L("Codecs"), ""), (HistorySort.Loss, L("Loss"), "num"), (HistorySort.Jitter, L("Jitter"), "num"),
    ];

    private readonly CancellationTokenSource _gone = new();
    private Virtualize<CallRecord>? _grid;
    private HistoryQuery _query = new();
    private HistoryQuery? _counted;
    private int? _total;
    private int _typed;
    private Failure? _failure;

    [SupplyParameterFromQuery(Name = "q")]
    public string? QueryText { get; set; }

    [SupplyParameterFromQuery(Name = "result")]
    public string? QueryResult { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? QueryFrom { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? QueryTo { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? QuerySort { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private HistoryReader Reader { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private bool MayCall => Rights.May(Scopes.Control);

    private string CsvLink => Navigation.GetUriWithQueryParameters("/rest-api/v2/history.csv", _query.ToParameters());

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var query = HistoryQuery.Parse(QueryText, QueryResult, QueryFrom, QueryTo, QuerySort);
        if (_counted == query) return;
        _query = query;
        await LoadAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The rows that come into view.</summary>
    internal async ValueTask<ItemsProviderResult<CallRecord>> RowsAsync(ItemsProviderRequest request)
    {
        var found = await FindAsync(_query with { Skip = request.StartIndex, Take = request.Count }, request.CancellationToken);
        return found is null ? new([], _total ?? 0) : new(found.Rows, found.Total);
    }

    private static string Word(HistoryResult result) => result switch
    {
        HistoryResult.All => L("All"),
        HistoryResult.Answered => L("Answered"),
        HistoryResult.Failed => L("Failed"),
        _ => L("Interrupted"),
    };

    private static string Codecs(CallRecord call) =>
        string.Join(" / ", new[] { call.VideoCodec, call.AudioCodec }.Where(c => c is not null)) is { Length: > 0 } codecs ? codecs : "–";

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(object? value) => DateOnly.TryParse(value as string, CultureInfo.InvariantCulture, out var day) ? day : null;

    private async Task TypedAsync(string text)
    {
        var typed = ++_typed;
        await Task.Delay(TypingPause, _gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (typed == _typed && !_gone.IsCancellationRequested) await ShowAsync(_query with { Text = text.Trim() });
    }

    private Task SortAsync(HistorySort sort) => ShowAsync(_query with { Sort = sort, Ascending = _query.Sort == sort ? !_query.Ascending : sort is HistorySort.Caller or HistorySort.Callee or HistorySort.Stream });

    private Task ClearAsync() => ShowAsync(new HistoryQuery { Sort = _query.Sort, Ascending = _query.Ascending });

    private async Task ShowAsync(HistoryQuery query)
    {
        _query = query;
        await LoadAsync();
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query.ToParameters()), replace: true);
    }

    private async Task LoadAsync()
    {
        _counted = _query;
        await FindAsync(_query with { Take = 0 }, _gone.Token);
        if (_grid is not null) await _grid.RefreshDataAsync();
    }

    private async Task<HistoryPageData?> FindAsync(HistoryQuery query, CancellationToken cancel)
    {
        var found = await Reader.FindAsync(query, cancel);
        if (!found.Succeeded)
        {
            _failure = found.Failures[0];
            StateHasChanged();
            return null;
        }

        var isNews = _total != found.Value.Total || _failure is not null;
        (_total, _failure) = (found.Value.Total, null);
        if (isNews) StateHasChanged();
        return found.Value;
    }
}
