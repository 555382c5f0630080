namespace SipStreamApp.Media.Calls;

/// <summary>Outcome of testing an account: OPTIONS-free, one REGISTER and, where it succeeded, one un-REGISTER.</summary>
/// <param name="Succeeded">The server took the registration.</param>
/// <param name="End">What happened, in the same plain words as for a call.</param>
/// <param name="Took">From the start to the answer.</param>
public sealed record RegistrationCheck(bool Succeeded, CallEnd End, TimeSpan Took);
