using SipStreamApp.Media.Mp4;

namespace SipStreamApp.Media.Packaging;

/// <summary>An init segment or a fragment, in the order in which a player wants them.</summary>
/// <param name="Data">The bytes; never changed again.</param>
/// <param name="Tracks">The tracks that an init segment describes; null for a fragment.</param>
/// <param name="Fragment">What the fragment is; default for an init segment.</param>
internal readonly record struct PackagePiece(byte[] Data, IReadOnlyList<Mp4Track>? Tracks, FragmentInfo Fragment)
{
    /// <summary>True for an init segment.</summary>
    public bool IsInit => Tracks is not null;
}
