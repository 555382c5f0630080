using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Users;

/// <summary>Users, their roles, API keys, and the newest of the audit table. For administrators.</summary>
public partial class UsersPage : IDisposable
{
    private const int AuditRows = 50;
    private const int MostDays = 3660;
    private readonly CancellationTokenSource _gone = new();
    private IReadOnlyList<UserView>? _users;
    private IReadOnlyList<ApiKey>? _keys;
    private IReadOnlyList<AuditRow>? _audit;
    private IReadOnlyDictionary<string, string> _errors = new Dictionary<string, string>();
    private IReadOnlyDictionary<string, string> _keyErrors = new Dictionary<string, string>();
    private Failure? _failure;
    private string? _secret;
    private string _name = "";
    private string _password = "";
    private Role _role = Role.Operator;
    private string _keyName = "";
    private Scopes _scopes = Scopes.Play | Scopes.Read | Scopes.Control;
    private int? _days;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private PeopleDoor People { get; set; } = default!;

    [Inject]
    private SystemDoor Server { get; set; } = default!;

    private static (Role, string)[] Roles => [(Role.Viewer, L("Viewer: plays and looks")), (Role.Operator, L("Operator: also places calls")), (Role.Admin, L("Admin: also users and keys"))];

    private static (Scopes, string)[] Powers =>
    [
        (Scopes.Play, L("play streams")), (Scopes.Play | Scopes.Read, L("play and read")),
        (Scopes.Play | Scopes.Read | Scopes.Control, L("play, read and control calls")), (Scopes.All, L("everything")),
    ];

    private bool LoginRequired => Server.LoginRequired;

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => LoadAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task LoadAsync()
    {
        var users = await People.UsersAsync(_gone.Token);
        var keys = await People.KeysAsync(_gone.Token);
        var audit = await People.AuditAsync(AuditRows, _gone.Token);
        (_users, _keys, _audit) = (users.Value?.Users, keys.Value?.Keys, audit.Value?.Rows);
        if (!users.Succeeded) _failure = users.Failures[0];
    }

    private async Task AddUserAsync()
    {
        _errors = new Dictionary<string, string>();
        var made = await People.CreateUserAsync(_name, _password, _role, _gone.Token);
        if (!made.Succeeded)
        {
            var failure = made.Failures[0];
            if (failure.Field is { } field) _errors = new Dictionary<string, string> { [field] = failure.Title };
            else _failure = failure;
            return;
        }

        (_name, _password, _failure) = ("", "", null);
        await LoadAsync();
    }

    private async Task AddKeyAsync()
    {
        _keyErrors = new Dictionary<string, string>();
        var made = await People.CreateKeyAsync(_keyName, _scopes, _days is { } days ? Time.GetUtcNow().AddDays(days) : null, _gone.Token);
        if (!made.Succeeded)
        {
            var failure = made.Failures[0];
            if (failure.Field == "Name") _keyErrors = new Dictionary<string, string> { ["KeyName"] = failure.Title };
            else _failure = failure;
            return;
        }

        (_keyName, _secret, _failure) = ("", made.Value.Secret, null);
        await LoadAsync();
    }

    private Task SetRoleAsync(UserView user, string? role) =>
        Enum.TryParse<Role>(role, out var wanted) ? AfterAsync(People.SetRoleAsync(user.Id, wanted, _gone.Token)) : Task.CompletedTask;

    private Task DeleteAsync(UserView user) => AfterAsync(People.DeleteUserAsync(user.Id, _gone.Token));

    private Task RevokeAsync(ApiKey key) => AfterAsync(People.RevokeKeyAsync(key.Id, _gone.Token));

    private async Task AfterAsync(Task<Failure?> change)
    {
        _failure = await change;
        await LoadAsync();
    }
}
