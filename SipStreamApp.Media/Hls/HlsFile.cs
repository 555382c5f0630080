namespace SipStreamApp.Media.Hls;

/// <summary>Something a player fetched.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Body">Its bytes, piece by piece.</param>
/// <param name="IsLasting">True where these bytes never change under this address.</param>
public sealed record HlsFile(string ContentType, IReadOnlyList<ReadOnlyMemory<byte>> Body, bool IsLasting);
