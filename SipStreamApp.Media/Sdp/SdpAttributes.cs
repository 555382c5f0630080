// RFC 8866 section 5.13: a=<name> or a=<name>:<value>. Kept in order, unknown ones too, so that nothing is lost in a round trip.
namespace SipStreamApp.Media.Sdp;

/// <summary>One a= line; a property attribute has no value.</summary>
internal readonly record struct SdpAttribute(string Name, string? Value);

/// <summary>The a= lines of a session or a medium in their order.</summary>
internal sealed class SdpAttributes
{
    private readonly List<SdpAttribute> _items = [];

    public IReadOnlyList<SdpAttribute> Items => _items;

    public void Add(string name, string? value = null) => _items.Add(new(name, value));

    /// <summary>Removes every line of that name.</summary>
    public void Remove(string name) => _items.RemoveAll(a => Same(a.Name, name));

    public bool Has(string name)
    {
        foreach (var a in _items) if (Same(a.Name, name)) return true;
        return false;
    }

    /// <summary>Value of the first line of that name, trimmed; null where there is none or it has no value.</summary>
    public string? Find(string name)
    {
        foreach (var a in _items) if (Same(a.Name, name)) return a.Value?.Trim();
        return null;
    }

    /// <summary>Values of all lines of that name, trimmed.</summary>
    public IEnumerable<string> All(string name)
    {
        foreach (var a in _items) if (a.Value is not null && Same(a.Name, name)) yield return a.Value.Trim();
    }

    // The RFC says case-sensitive; phones have been seen to write "a=SendRecv", and no two attributes differ by case only.
    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
