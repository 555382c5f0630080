using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Answering;

/// <summary>One account that answers calls, as it was when it was opened.</summary>
internal sealed class AnsweringLine(MediaEngine engine, SipIdentity identity, AnswerRule rule, Action<RegistrationChange> changed) : IAsyncDisposable
{
    private readonly IAsyncDisposable _kept = engine.AnswerCalls(identity, rule, changed);

    /// <summary>True where nothing has changed.</summary>
    public bool Is(SipIdentity who, AnswerRule how) => identity == who && rule == how;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _kept.DisposeAsync();
}

/// <summary>Where an account stands that answers calls.</summary>
/// <param name="Status">Registered, listening or why not.</param>
/// <param name="Problem">Why nobody can call it, in plain words; null where somebody can.</param>
/// <param name="Advice">What to do about it.</param>
public sealed record AccountStand(RegistrationStatus Status, string? Problem, string? Advice)
{
    /// <summary>True where calls come in.</summary>
    public bool CanBeCalled => Status is RegistrationStatus.Registered or RegistrationStatus.Listening;

    internal static AccountStand Of(RegistrationChange news) => new(news.Status, news.Cause?.Title, news.Cause?.Advice);
}

/// <summary>Services of accounts that answer calls.</summary>
internal static class AnsweringSetup
{
    public static void AddAnswering(this IServiceCollection services)
    {
        services.AddSingleton<AnsweringAccounts>();
        services.AddHostedService(s => s.GetRequiredService<AnsweringAccounts>());
    }
}
