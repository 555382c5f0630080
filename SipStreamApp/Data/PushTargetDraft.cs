using SipStreamApp.Media.Push;

namespace SipStreamApp.Data;

/// <summary>A saved push target as pages see it: everything but the key.</summary>
internal sealed record PushTargetView(int Id, string Name, string Address, bool HasKey, DateTimeOffset? KeySetAt);

/// <summary>All saved push targets.</summary>
internal sealed record PushTargetList(IReadOnlyList<PushTargetView> Targets);

/// <summary>A push target as a form fills it. Id 0: a new one. Key null: leave as it is; empty: none.</summary>
internal sealed class PushTargetDraft
{
    private const int LongestKey = 1024;

    public int Id { get; set; }
    public string Name { get; set; } = "";
    public string Address { get; set; } = "";
    public string? Key { get; set; }

    public static PushTargetDraft From(PushTargetView target) => new() { Id = target.Id, Name = target.Name, Address = target.Address };

    /// <summary>Tidies what was typed: a whole address that was pasted gives its last part to the empty field of the key, where it is kept secret.</summary>
    /// <param name="hasKey">A key is saved already, and stays.</param>
    public void Tidy(bool hasKey)
    {
        (Name, Address, Key) = (Name.Trim(), Address.Trim(), Key?.Trim());
        if (string.IsNullOrEmpty(Key) && !(hasKey && Key is null) && PushTarget.Split(Address) is (var address, { Length: > 0 } key)) (Address, Key) = (address, key);
    }

    /// <summary>What is wrong, by field; empty where it can be saved. To be asked after <see cref="Tidy"/>.</summary>
    public IReadOnlyDictionary<string, string> Check()
    {
        var errors = new Dictionary<string, string>();
        if (Name.Length > 100) errors[nameof(Name)] = "100 characters at most";
        if (Key is { Length: > LongestKey }) errors[nameof(Key)] = "This is too long for a key";
        if (Address.Length == 0) errors[nameof(Address)] = "Where to?";
        else if (Uri.TryCreate(Address, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0)
            errors[nameof(Address)] = "User and password cannot be saved here; push to such an address by \"Another address\"";
        else if (Address.Contains('?', StringComparison.Ordinal)) errors[nameof(Address)] = "What follows the ? belongs to the stream key";
        else if (PushTarget.Check(Address) is { } wrong)
            errors[nameof(Address)] = wrong.Title.Replace("rtmpUrl ", "The address ", StringComparison.Ordinal);
        else if (!string.IsNullOrEmpty(Key) && PushTarget.Check(PushTarget.Join(Address, Key)) is not null)
            errors[nameof(Key)] = "A key has no blanks, quotes or line breaks";
        return errors;
    }
}
