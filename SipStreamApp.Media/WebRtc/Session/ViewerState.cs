namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>Life of a viewer's session.</summary>
public enum ViewerState
{
    /// <summary>Answered; the browser has not been heard yet.</summary>
    New,

    /// <summary>A connectivity check with the right password came.</summary>
    Connected,

    /// <summary>The handshake is through; keys are there.</summary>
    Secured,

    /// <summary>Media is being sent.</summary>
    Playing,

    /// <summary>Over.</summary>
    Closed,
}
