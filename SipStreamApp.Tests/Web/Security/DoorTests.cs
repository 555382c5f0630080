using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using MudBlazor;
using SipStreamApp.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Components.Layout;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Components.Shared;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Repository;
using SipStreamApp.Tests.Web.Components;
using Xunit;

namespace SipStreamApp.Tests.Web.Security;

/// <summary>Pages change things through doors alone, and every door asks who stands before it. What is added tomorrow is found by itself.</summary>
public sealed partial class DoorTests : PageTest
{
    // What pages may have injected beside doors: none of it changes anything but the browser's own page.
    private static readonly Type[] Harmless =
    [
        typeof(TimeProvider), typeof(NavigationManager), typeof(IJSRuntime), typeof(ISnackbar), typeof(BrowserInterop), typeof(ApiBrowser), typeof(ApiCatalog), typeof(LiveView),
        typeof(HistoryReader), typeof(CallTraces), typeof(PageRights),
    ];

    // All that doors do for viewers. A name is entered here by who has made sure that it changes nothing and tells no secret.
    private static readonly string[] Shown =
    [
        "EngineDoor.CanFinishRecordings", "EngineDoor.FindTrace", "EngineDoor.HttpViewersOf", "EngineDoor.Options", "EngineDoor.Pushes", "EngineDoor.RecordingDirectory", "EngineDoor.Recordings", "EngineDoor.Snapshot",
        "EngineDoor.ViewersOf", "LinkDoor.Watching", "RecordingDoor.DiskAsync", "RecordingDoor.ListAsync", "SystemDoor.AnonymousRest", "SystemDoor.DatabaseProblem", "SystemDoor.LoginRequired",
        "SystemDoor.Playback", "SystemDoor.Sessions",
    ];

    private static IEnumerable<Type> Doors => typeof(Door).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Door)));

    private static IEnumerable<Type> Pages => typeof(Door).Assembly.GetTypes().Where(t => typeof(IComponent).IsAssignableFrom(t));

    [Fact]
    public void Components_AreGivenDoors_AndNothingThatActsByItself()
    {
        var wrong = from page in Pages
                    from property in page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    where property.GetCustomAttribute<InjectAttribute>() is not null
                    let type = property.PropertyType
                    where !type.IsSubclassOf(typeof(Door)) && !Harmless.Contains(type)
                    select $"{page.Name}.{property.Name}: {type.Name}";
        Assert.Empty(wrong.Distinct());
        Assert.True(Pages.Count() > 40 && Doors.Count() > 5);
    }

    [Fact]
    public void Components_AskNoServiceProvider()
    {
        var wrong = from ending in new[] { ".cs", ".razor" }
                    from file in SourceTree.Files(Path.Combine("SipStreamApp", "Components"), ending)
                    where Path.GetFileName(file) is not ("PagesSetup.cs" or "ApiCatalog.cs" or "Door.cs" or "EmbedPage.cs")
                    from Match word in Locator().Matches(File.ReadAllText(file))
                    select $"{Path.GetFileName(file)}: {word.Value}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Doors_ShowViewersNoMoreThanIsListedHere() =>
        Assert.Equal(Shown, Doors.SelectMany(Members).Where(m => m.IsDefined(typeof(ForViewersAttribute))).Select(m => $"{m.DeclaringType!.Name}.{m.Name}").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(null)]
    [InlineData("Viewer")]
    [InlineData("Operator")]
    public async Task Doors_WithoutTheRight_RefuseEverything(string? role)
    {
        Security = new SecuritySettings { LoginRequired = true };
        if (role is not null) await SignInAsync(Enum.Parse<Role>(role));
        var rights = Services.GetRequiredService<PageRights>();
        var tried = 0;
        foreach (var door in Doors.Where(d => role != "Operator" || d == typeof(PeopleDoor) || d == typeof(SettingsDoor)))
        {
            // Behind it is nothing that works: what gets through breaks.
            var made = door.GetConstructors().Single() is var constructor
                ? constructor.Invoke([.. constructor.GetParameters().Select(p => p.ParameterType == typeof(PageRights) ? rights : Hollow(p.ParameterType))])
                : null;
            foreach (var member in Members(door).Where(m => !m.IsDefined(typeof(ForViewersAttribute))))
            {
                var answer = member is MethodInfo method ? method.Invoke(made, [.. method.GetParameters().Select(Argument)]) : ((PropertyInfo)member).GetValue(made);
                if (answer is Task task)
                {
                    await task;
                    answer = task.GetType().GetProperty("Result")!.GetValue(task);
                    var refusal = answer as Failure ?? (answer?.GetType().GetProperty(nameof(Outcome<string>.Failures))?.GetValue(answer) as IReadOnlyList<Failure>)?.FirstOrDefault();
                    Assert.Equal(($"{door.Name}.{member.Name}", "not-allowed"), ($"{door.Name}.{member.Name}", refusal?.Code));
                }
                else
                {
                    Assert.True(member is PropertyInfo && answer is null or false or 0 or ICollection { Count: 0 }, $"{door.Name}.{member.Name} gives {answer} at once: only what may be refused, or what viewers see");
                }

                tried++;
            }
        }

        Assert.InRange(tried, role == "Operator" ? 12 : 40, 1000);
    }

    [Fact]
    public async Task Right_ThatWasTaken_IsGoneAtTheNextAction_NotAtTheNextPage()
    {
        Security = new SecuritySettings { LoginRequired = true };
        var user = await SignInAsync(Role.Operator);
        var accounts = Services.GetRequiredService<AccountDoor>();
        var draft = new AccountDraft { Login = "10001", Domain = "sip.example.org" };
        Assert.True((await accounts.SaveAsync(draft, default)).Succeeded);

        Assert.Null(await Services.GetRequiredService<UserStore>().SetRoleAsync(user.Id, Role.Viewer, default));
        Assert.True(Services.GetRequiredService<PageRights>().May(Scopes.Control)); // The page still shows its buttons.
        Assert.Equal("not-allowed", (await accounts.DeleteAsync(1, default)).Failures[0].Code);
        Assert.Single((await Accounts.ListAsync(default)).Value!.Accounts);
    }

    [Fact]
    public async Task EveryPage_ThatHasAnAddress_IsInTheTableOfRights()
    {
        var pages = Pages.Where(p => p.IsDefined(typeof(RouteAttribute))).ToDictionary(p => p.Name, p => AccessRules.OfPage(p.GetCustomAttributes<RouteAttribute>().Select(r => r.Template)).Text());
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["HomePage"] = "read", ["CallsPage"] = "read", ["CallDetailPage"] = "read", ["StreamsPage"] = "read", ["StreamPage"] = "read", ["PlayerPage"] = "read", ["HistoryPage"] = "read",
                ["RecordingsPage"] = "read", ["ApiPage"] = "read", ["NewCallPage"] = "control", ["PushPage"] = "control", ["AccountsPage"] = "control", ["HealthPage"] = "control",
                ["SettingsPage"] = "admin", ["UsersPage"] = "admin", ["NotFoundPage"] = "", ["ErrorPage"] = "",
            },
            pages);

        Security = new SecuritySettings { LoginRequired = true };
        await SignInAsync(Role.Viewer);
        Assert.Equal(["/", "/calls", "/streams", "/player", "/history", "/recordings", "/api"], NavPages.For(Services.GetRequiredService<PageRights>()).Select(p => p.Href));
    }

    // Everything others can reach, inherited helpers and what records give apart.
    private static IEnumerable<MemberInfo> Members(Type door) =>
        door.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(m => m is MethodInfo { IsPrivate: false, IsSpecialName: false } or PropertyInfo { GetMethod.IsPrivate: false } && !m.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static object? Hollow(Type type) => type.IsInterface ? null : RuntimeHelpers.GetUninitializedObject(type);

    private static object? Argument(ParameterInfo parameter) => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;

    [GeneratedRegex(@"\b(GetRequiredService|GetService|GetKeyedService|RequestServices|IServiceProvider|OwningComponentBase|ScopedServices|ActivatorUtilities)\b")]
    private static partial Regex Locator();
}
