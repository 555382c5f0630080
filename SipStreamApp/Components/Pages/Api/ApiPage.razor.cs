using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Shared;
using SipStreamApp.Live;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Api;

/// <summary>A REST client that knows this server: its methods, and what is live on it.</summary>
public partial class ApiPage
{
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<ApiOperation> _all = [];
    private ApiOperation? _operation;
    private ApiForm? _form;
    private ApiObjects? _objects;
    private ApiKept[] _history = [];
    private ApiKept? _again;
    private string _text = "";
    private string _twin = "cURL";
    private string? _json;
    private string? _jsonError;
    private string? _missing;
    private string? _address;
    private bool _useKey;
    private bool _isSure;
    private bool _isSending;
    private bool _isAnswered;

    /// <summary>The method to show; further words of the query fill in fields of that name.</summary>
    [SupplyParameterFromQuery(Name = "op")]
    public string? Op { get; set; }

    [Inject]
    private EngineDoor Engine { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ApiBrowser Browser { get; set; } = default!;

    [Inject]
    private ApiCatalog Methods { get; set; } = default!;

    [Inject]
    private RecordingDoor Recordings { get; set; } = default!;

    [Inject]
    private LinkDoor Links { get; set; } = default!;

    [Inject]
    private SystemDoor Server { get; set; } = default!;

    [Inject]
    private PageRights Rights { get; set; } = default!;

    private IEnumerable<ApiOperation> Shown => _all.Where(o => _text.Length == 0 || $"{o.Method} {o.Path} {o.Summary} {o.Tag}".Contains(_text.Trim(), StringComparison.OrdinalIgnoreCase));

    // The gate decides when it is sent; the same table says so before.
    private Scopes Needs => _operation is null ? Scopes.None : AccessRules.Of(_operation.Method, _operation.Path, webSocket: false).Scope;

    private bool MaySend => _useKey || Rights.May(Needs) || (Server.AnonymousRest && !Needs.HasFlag(Scopes.Admin));

    private string Twin
    {
        get
        {
            var body = _operation!.HasJson ? (JsonObject)_form!.Body.DeepClone() : null;
            var twin = new RequestTwin(_operation.Method, Navigation.BaseUri.TrimEnd('/') + (_form!.Address() ?? _operation.Path), body, _useKey)
            {
                File = _operation is { ContentType: { } type, HasJson: false } ? ("body.txt", type) : null,
            };
            return _twin switch { "C#" => twin.CSharp(), "JavaScript" => twin.JavaScript(), _ => twin.Curl() };
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_all.Count == 0) _all = await Methods.AllAsync();
        if (_address == Navigation.Uri) return;
        _address = Navigation.Uri;
        _operation = _all.FirstOrDefault(o => o.Id == Op);
        await RefillAsync();
        if (_again is not null && _again.Op == Op) _form?.Restore(_again);
        _again = null;
        if (RendererInfo.IsInteractive && _isAnswered) await Browser.ClearAsync();
        _isAnswered = false;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        if (!firstRender || !RendererInfo.IsInteractive) return;
        _history = await Browser.HistoryAsync();
        StateHasChanged();
    }

    // The form stands still while one types; what is live is looked at when a method is chosen.
    internal override bool Update(LiveSnapshot live) => false;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gone.Cancel();
            _gone.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Go(string? op) => Navigation.NavigateTo(string.IsNullOrEmpty(op) ? "/api" : $"/api?op={op}");

    private async Task RefillAsync()
    {
        Changed();
        (_json, _jsonError, _form) = (null, null, null);
        if (_operation is null) return;
        _objects = await ObjectsAsync();
        _form = _objects.Fill(_operation);
        var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
        foreach (var field in _operation.Fields)
            if (query.TryGetValue(field.Name, out var value) && field.Secret is null) _form.Set(field, value.ToString());
    }

    private async Task<ApiObjects> ObjectsAsync()
    {
        var recordings = await Recordings.ListAsync(_gone.Token);
        string[] links = [];
        if (Rights.May(Scopes.Control) && await Links.ListAsync(_gone.Token) is { Succeeded: true } list) links = [.. list.Value.Links.Select(l => l.Link.Id)];
        var media = Path.Combine(Engine.Options.DataDirectory, "media");
        return new ApiObjects(
            View.Current, recordings.Succeeded ? [.. recordings.Value.Take(20).Select(r => r.Id)] : [], [.. Engine.Pushes.Where(p => !p.IsEnded).Select(p => p.Id)],
            Server.Sessions, links,
            Directory.Exists(media) ? [.. Directory.EnumerateFiles(media).Select(Path.GetFileName).OfType<string>().Order().Take(20)] : []);
    }

    private string? ListOf(ApiField field) => _objects?.For(_operation!, field).Count > 0 ? "list-" + field.Name.Replace('.', '-') : null;

    private void Fill(ApiField field, string? text)
    {
        Changed();
        _form!.Set(field, text ?? "");
        (_json, _jsonError) = (null, null);
    }

    private void TypeJson(string? text)
    {
        Changed();
        _json = text ?? "";
        _jsonError = _form!.Read(_json);
    }

    private void LeaveJson()
    {
        if (_jsonError is null) _json = null;
    }

    private void Changed() => (_isSure, _missing) = (false, null);

    private async Task SendAsync()
    {
        if (_isSending || _form is null || _operation is null || !MaySend) return;
        if (_form.Address() is not { } address)
        {
            _missing = L("Fill in {0}: without it there is no address.", string.Join(L(" and "), _operation.Fields.Where(f => f.Place is ApiPlace.Path && _form.Get(f).Trim().Length == 0).Select(f => f.Name)));
            return;
        }

        // Somebody loses a call, a stream or a file: asked first.
        if (_operation.Danger is not null && !_isSure)
        {
            _isSure = true;
            return;
        }

        Changed();
        (_isSending, _isAnswered) = (true, true);
        StateHasChanged();
        var body = _jsonError is null ? _form.Sent() : _json; // What is no JSON is sent as it is: so one sees what the server says to it.
        _history = await Browser.SendAsync(new ApiSend(_operation.Method, address, body, _operation.ContentType, _useKey, _form.Kept()));
        _isSending = false;
    }

    private void Again(ApiKept kept)
    {
        _again = kept;
        _address = null;
        if (Op == kept.Op && _operation is not null)
        {
            _address = Navigation.Uri;
            Changed();
            (_json, _jsonError) = (null, null);
            _form?.Restore(kept);
            _again = null;
        }
        else Go(kept.Op);
    }

    private async Task ForgetAsync()
    {
        await Browser.ForgetAsync();
        _history = [];
    }
}
