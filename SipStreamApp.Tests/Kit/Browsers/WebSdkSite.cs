using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using SipStreamApp.Tests.Repository;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>Serves the published Web SDK and its example pages as they are, from a port of its own: another origin than the program.</summary>
internal sealed class WebSdkSite : IAsyncDisposable
{
    private readonly WebApplication _site;

    private WebSdkSite(WebApplication site) => _site = site;

    /// <summary>Address of the examples' folder.</summary>
    public string Examples => _site.Urls.First() + "/examples/demo";

    public static async Task<WebSdkSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        var folder = Path.Combine(SourceTree.Root, "SipStreamApp.Tests", "node_modules", "@flashphoner", "websdk");

        // npm checks the package against the hash of the lock file when it is installed; nothing of it is kept or changed here.
        using var package = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "package.json")));
        Xunit.Assert.Equal("2.0.276", package.RootElement.GetProperty("version").GetString());
        var files = new PhysicalFileProvider(folder);
        site.UseStaticFiles(new StaticFileOptions { FileProvider = files, ServeUnknownFileTypes = true });
        await site.StartAsync();
        return new WebSdkSite(site);
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();
}
