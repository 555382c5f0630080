using System.Runtime.CompilerServices;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Components.Doors;

/// <summary>
/// The way from pages to what they change. Pages get no engine, store or service provider injected, only doors: each method asks who stands
/// before it, whatever a page shows or a tampered browser sends. A rule test calls every method as a viewer.
/// </summary>
internal abstract class Door(PageRights rights)
{
    /// <summary>Who acts.</summary>
    protected Caller Caller => rights.Caller;

    /// <summary>For what is only shown.</summary>
    protected bool May(Scopes needs) => rights.May(needs);

    /// <summary>Does it, or gives the refusal.</summary>
    protected async Task<Outcome<T>> AskAsync<T>(Scopes needs, Func<Task<Outcome<T>>> work, [CallerMemberName] string action = "")
        where T : class => await rights.RefusalAsync(needs, Name(action)) is { } refusal ? refusal : await work();

    /// <summary>The same for what ends at once.</summary>
    protected async Task<Outcome<T>> AskAsync<T>(Scopes needs, Func<Outcome<T>> work, [CallerMemberName] string action = "")
        where T : class => await rights.RefusalAsync(needs, Name(action)) is { } refusal ? refusal : work();

    /// <summary>The same for what gives nothing back.</summary>
    protected async Task<Failure?> AskAsync(Scopes needs, Func<Task<Failure?>> work, [CallerMemberName] string action = "") =>
        await rights.RefusalAsync(needs, Name(action)) ?? await work();

    // "EngineDoor.HangUp"
    private string Name(string action) => $"{GetType().Name}.{(action.EndsWith("Async", StringComparison.Ordinal) ? action[..^5] : action)}";
}

/// <summary>A member of a <see cref="Door"/> that is for viewers, too: it shows and changes nothing. All others refuse them.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
internal sealed class ForViewersAttribute : Attribute;

/// <summary>Services of this folder.</summary>
internal static class DoorsSetup
{
    public static void AddDoors(this IServiceCollection services)
    {
        services.AddScoped<EngineDoor>();
        services.AddScoped<AccountDoor>();
        services.AddScoped<PushTargetDoor>();
        services.AddScoped<RecordingDoor>();
        services.AddScoped<LinkDoor>();
        services.AddScoped<PeopleDoor>();
        services.AddScoped<SettingsDoor>();
        services.AddScoped<HealthDoor>();
        services.AddScoped<SystemDoor>();
    }
}
