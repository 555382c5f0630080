using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace SipStreamApp.Components.Shared;

/// <summary>The one way from pages to the browser's scripts (wwwroot/ui.mjs).</summary>
internal sealed class BrowserInterop(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    public async ValueTask<bool> CopyAsync(string text) => await (await ModuleAsync()).InvokeAsync<bool>("copy", text);

    /// <summary>Keeps what was typed into a form, without its passwords, for as long as the browser's tab lives; null forgets it.</summary>
    public async ValueTask KeepDraftAsync(string key, string? json) => await (await ModuleAsync()).InvokeVoidAsync("keepDraft", key, json);

    /// <summary>What <see cref="KeepDraftAsync"/> kept, or null.</summary>
    public async ValueTask<string?> DraftAsync(string key) => await (await ModuleAsync()).InvokeAsync<string?>("draft", key);

    /// <summary>Has the browser save a text as a file.</summary>
    public async ValueTask DownloadAsync(string name, string type, string text) => await (await ModuleAsync()).InvokeVoidAsync("download", name, type, text);

    public async ValueTask FocusAsync(string selector) => await (await ModuleAsync()).InvokeVoidAsync("focus", selector);

    public async ValueTask<IJSObjectReference> WatchPlayerAsync<T>(ElementReference player, DotNetObjectReference<T> page)
        where T : class => await (await ModuleAsync()).InvokeAsync<IJSObjectReference>("watchPlayer", player, page);

    /// <summary>Drops a script object; a browser that is gone has dropped it already.</summary>
    public static async ValueTask DropAsync(IJSObjectReference? reference, string? goodbye = null)
    {
        if (reference is null) return;
        try
        {
            if (goodbye is not null) await reference.InvokeVoidAsync(goodbye);
            await reference.DisposeAsync();
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException)
        {
            // Expected: the page was closed, and its scripts with it; or its browser is away and did not answer in time.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_module is { IsCompletedSuccessfully: true }) await DropAsync(await _module);
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= js.InvokeAsync<IJSObjectReference>("import", "/ui.mjs").AsTask();
}
