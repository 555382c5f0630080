using System.Text.RegularExpressions;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>Holds the one direction of dependency: protocol folders know only Primitives, inputs and outputs meet only in the hub.</summary>
public partial class FolderDirectionTests
{
    private static readonly string[] Protocols = ["Sip", "Sdp", "Rtp", "Srtp", "Codecs", "Net", "Streams"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Primitives"] = [],
        ["Sip"] = ["Primitives"],
        ["Sdp"] = ["Primitives"],
        ["Rtp"] = ["Primitives"],
        ["Srtp"] = ["Primitives"],
        ["Codecs"] = ["Primitives"],
        ["Net"] = ["Primitives"],
        ["Streams"] = ["Primitives"],
        ["Mp4"] = ["Primitives", "Codecs"],
        ["Calls"] = ["Primitives", .. Protocols],
        ["WebRtc"] = ["Primitives", .. Protocols],
        ["Processes"] = ["Primitives"],
        ["Packaging"] = ["Primitives", "Codecs", "Mp4", "Streams"],
        ["Hls"] = ["Primitives", "Mp4", "Packaging", .. Protocols],
        ["Mse"] = ["Primitives", "Mp4", "Packaging", .. Protocols],
        ["Stills"] = ["Primitives", "Packaging", "Transcoding", .. Protocols],
        ["Recording"] = ["Primitives", "Mp4", .. Protocols],
        ["Push"] = ["Primitives", "Mp4", .. Protocols],
        ["Transcoding"] = ["Primitives", "Mp4", "Packaging", "Processes", .. Protocols],
    };

    [Fact]
    public void MediaFolders_ImportOnlyWhatLiesBelowThem()
    {
        var wrong = new List<string>();
        foreach (var file in SourceTree.Files("SipStreamApp.Media", ".cs"))
        {
            var folder = Path.GetRelativePath(Path.Combine(SourceTree.Root, "SipStreamApp.Media"), file).Split(Path.DirectorySeparatorChar)[0];
            if (folder == "Hosting") continue;
            Assert.True(Allowed.TryGetValue(folder, out var allowed), $"{folder} is a new folder: say here what it may import.");
            foreach (Match use in MediaNamespace().Matches(File.ReadAllText(file)))
            {
                var target = use.Groups[1].Value;
                if (target != folder && !allowed.Contains(target)) wrong.Add($"{Path.GetFileName(file)} in {folder} uses {target}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Engine_KnowsNoWebFramework()
    {
        var project = File.ReadAllText(Path.Combine(SourceTree.Root, "SipStreamApp.Media", "SipStreamApp.Media.csproj"));
        Assert.DoesNotContain("AspNetCore", project, StringComparison.Ordinal);
        Assert.All(SourceTree.Files("SipStreamApp.Media", ".cs"), f => Assert.DoesNotContain("using Microsoft.AspNetCore", File.ReadAllText(f), StringComparison.Ordinal));
    }

    [Fact]
    public void PureMachines_OpenNoSocketAndReadNoClock()
    {
        string[] banned = ["System.Net.Sockets", "Thread.", "Task.Run", "Task.Delay", "new Timer", "Stopwatch", "ILogger", "TimeProvider"];
        var wrong = from folder in new[] { "Sip", "Sdp", "Rtp", "Srtp", "Codecs", Path.Combine("WebRtc", "Ice") }
                    from file in SourceTree.Files(Path.Combine("SipStreamApp.Media", folder), ".cs")
                    let code = string.Join('\n', File.ReadLines(file).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)))
                    from word in banned
                    where code.Contains(word, StringComparison.Ordinal)
                    select $"{Path.GetRelativePath(SourceTree.Root, file)}: {word}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"SipStreamApp\.Media\.(\w+)")]
    private static partial Regex MediaNamespace();
}
