using System.Globalization;
using Microsoft.AspNetCore.Components;
using SipStreamApp.Data;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Components.Pages.History;

/// <summary>The searchable history. Search, result and page stand in the address.</summary>
public partial class HistoryPage : IDisposable
{
    private const int PageSize = 25;
    private readonly CancellationTokenSource _gone = new();
    private string _text = "";
    private HistoryResult _result;
    private int _page = 1;
    private HistoryPageData? _data;
    private Failure? _failure;
    private (string, HistoryResult, int)? _loaded;

    [SupplyParameterFromQuery(Name = "q")]
    public string? QueryText { get; set; }

    [SupplyParameterFromQuery(Name = "result")]
    public string? QueryResult { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    public int? QueryPage { get; set; }

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IServiceProvider Provider { get; set; } = default!;

    private int Pages => Math.Max(1, ((_data?.Total ?? 0) + PageSize - 1) / PageSize);

    private bool HasFilter => _text.Length > 0 || _result is not HistoryResult.All;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _text = QueryText ?? "";
        _result = Enum.TryParse<HistoryResult>(QueryResult, ignoreCase: true, out var result) ? result : HistoryResult.All;
        _page = Math.Max(1, QueryPage ?? 1);
        if (_loaded != (_text, _result, _page)) await LoadAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string ResultText(HistoryResult result) => result switch
    {
        HistoryResult.Answered => "Answered",
        HistoryResult.Failed => "Failed",
        HistoryResult.Interrupted => "Interrupted",
        _ => "All",
    };

    private static string Codecs(CallRecord call) =>
        string.Join(" / ", new[] { call.VideoCodec, call.AudioCodec }.Where(c => c is not null)) is { Length: > 0 } codecs ? codecs : "–";

    private Task TypedAsync(string text) => ShowAsync(text ?? "", _result, 1);

    private Task ResultAsync(HistoryResult result) => ShowAsync(_text, result, 1);

    private Task GoAsync(int page) => ShowAsync(_text, _result, page);

    private Task ClearAsync() => ShowAsync("", HistoryResult.All, 1);

    private Task SearchAsync() => LoadAsync();

    private async Task ShowAsync(string text, HistoryResult result, int page)
    {
        (_text, _result, _page) = (text, result, page);
        await LoadAsync();
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["q"] = text.Length > 0 ? text : null,
            ["result"] = result is HistoryResult.All ? null : result.ToString().ToLowerInvariant(),
            ["page"] = page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null,
        }), replace: true);
    }

    private async Task LoadAsync()
    {
        var wanted = (_text, _result, _page);
        _loaded = wanted;
        var found = await Provider.GetRequiredService<HistoryReader>().FindAsync(new HistoryQuery(_text, _result, _page, PageSize), _gone.Token);
        if (_loaded != wanted) return;
        if (found.Succeeded) (_data, _failure) = (found.Value, null);
        else _failure = found.Failures[0];
    }
}
