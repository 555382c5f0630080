using Microsoft.JSInterop;
using SipStreamApp.Components.Shared;

namespace SipStreamApp.Components.Pages.Api;

/// <summary>What is to be sent.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Address">Path and query.</param>
/// <param name="Body">Body with its secrets; null: none.</param>
/// <param name="ContentType">Its content type.</param>
/// <param name="UseKey">With the API key that stands in the page's field; the server's side of the page never sees it.</param>
/// <param name="Keep">What the browser's history keeps of it.</param>
internal sealed record ApiSend(string Method, string Address, string? Body, string? ContentType, bool UseKey, ApiKept Keep);

/// <summary>Sends requests from the browser and keeps what was sent there (wwwroot/api.mjs).</summary>
internal sealed class ApiBrowser(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    /// <summary>Sends and shows the answer in the page; gives the history with it.</summary>
    public async ValueTask<ApiKept[]> SendAsync(ApiSend request) => await (await ModuleAsync()).InvokeAsync<ApiKept[]>("send", request) ?? [];

    public async ValueTask<ApiKept[]> HistoryAsync() => await (await ModuleAsync()).InvokeAsync<ApiKept[]>("history") ?? [];

    public async ValueTask ForgetAsync() => await (await ModuleAsync()).InvokeVoidAsync("forget");

    /// <summary>Takes the last answer from the page.</summary>
    public async ValueTask ClearAsync() => await (await ModuleAsync()).InvokeVoidAsync("clear");

    public async ValueTask DisposeAsync()
    {
        if (_module is { IsCompletedSuccessfully: true }) await BrowserInterop.DropAsync(await _module);
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= js.InvokeAsync<IJSObjectReference>("import", "/api.mjs").AsTask();
}
