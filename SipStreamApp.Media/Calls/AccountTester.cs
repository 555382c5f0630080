using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>Tries whether an identity can register, and takes the registration back.</summary>
internal static class AccountTester
{
    public static async Task<RegistrationCheck> TestAsync(CallServices services, SipIdentity who, CancellationToken cancel)
    {
        var start = services.Clock.Now;
        var end = await TryAsync(services, who, cancel);
        return new RegistrationCheck(!end.IsFailure, end, services.Clock.Now - start);
    }

    private static async Task<CallEnd> TryAsync(CallServices services, SipIdentity who, CancellationToken cancel)
    {
        if (!SipAddresses.TryFrom(who, out var addresses, out var wrong)) return wrong;
        if (services.Options.Rules.CheckRegistration(addresses) is { } refused) return CallCauses.Of(refused);
        var route = await services.Sip.FindAsync(addresses.NextHop(addresses.Registrar), cancel);
        if (route.Problem is { } problem) return problem;
        var done = new TaskCompletionSource<CallEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var loop = services.Sip.Loop;
        var lease = await loop.InvokeAsync(() => services.Registrations.Acquire(
            who, addresses, route.Targets, loop.Now, (failure, _) => done.TrySetResult(failure ?? CallCauses.Registered)));
        try
        {
            return await done.Task.WaitAsync(cancel);
        }
        finally
        {
            loop.Post(() => lease.Release(loop.Now));
        }
    }
}
