using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;
using SipStreamApp.Hosting;

namespace SipStreamApp.Wcs;

/// <summary>Puts a <c>flashphoner.properties</c> into the configuration: above appsettings.json, below environment and command line.</summary>
internal static class MigrationSetup
{
    private const string DefaultName = "flashphoner.properties";

    /// <param name="configuration">Where it is put.</param>
    /// <param name="folder">Folder of appsettings.json.</param>
    /// <exception cref="StartupProblemException">The file cannot be read.</exception>
    public static MigrationReport AddWcsProperties(this ConfigurationManager configuration, string folder)
    {
        var name = configuration["Migration:PropertiesFile"] is { Length: > 0 } given ? given : DefaultName;
        var file = Path.GetFullPath(name, folder);
        string text;
        try
        {
            if (!File.Exists(file))
            {
                if (name == DefaultName) return MigrationReport.None;
                throw new StartupProblemException([$"Migration:PropertiesFile is \"{name}\"; there is no file {file}."]);
            }

            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupProblemException([$"{file} cannot be read: {e.Message}"]);
        }

        var hasCertificate = configuration.GetSection("Kestrel:Certificates:Default").GetChildren().Any();
        var report = WcsMapping.Map(file, PropertiesText.Read(text), new MigrationPlace(FileUrls(configuration), hasCertificate, File.Exists));
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var above = sources.Select((source, at) => (source, at)).LastOrDefault(s => s.source is JsonConfigurationSource, (null!, -1)).at;
        sources.Insert(above + 1, new MemoryConfigurationSource { InitialData = report.Settings });
        return report;
    }

    // The command line's are no starting point: where it names addresses, it wins as a whole.
    private static string FileUrls(ConfigurationManager configuration) =>
        ((IConfigurationRoot)configuration).Providers.OfType<JsonConfigurationProvider>().Reverse().Select(p => p.TryGet("Urls", out var urls) ? urls : null).FirstOrDefault(u => u is not null) ?? "";
}
