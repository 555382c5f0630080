using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>The sound files of the server's media folder. Any thread.</summary>
internal interface ISoundLibrary
{
    /// <summary>Null where there is a file of that bare name.</summary>
    Failure? Check(string fileName);

    /// <summary>The file as packets of a codec; kept, so that the next call of it is quick.</summary>
    Task<Outcome<SoundPackets>> LoadAsync(string fileName, Codec codec, CancellationToken cancel);
}
