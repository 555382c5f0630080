using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>An account in a file. Written without a password; read with one where the file has it.</summary>
internal sealed record AccountEntry
{
    public string? Name { get; init; }
    public string? Login { get; init; }
    public string? Domain { get; init; }
    public string? AuthenticationName { get; init; }

    /// <summary>Only ever read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Password { get; init; }

    public string? OutboundProxy { get; init; }
    public int? Port { get; init; }
    public SipTransportChoice Transport { get; init; }
    public bool RegisterRequired { get; init; }
    public bool AnswersCalls { get; init; }
    public string? AnswerStream { get; init; }
    public string? AnswerCallers { get; init; }
}

/// <summary>Accounts as a file: JSON out, JSON or CSV in.</summary>
internal static class AccountFile
{
    private const int Most = 10_000;

    /// <summary>The accounts as JSON, without passwords.</summary>
    public static string Write(IEnumerable<AccountView> accounts) => JsonSerializer.Serialize(
        accounts.Select(a => new AccountEntry
        {
            Name = a.Name, Login = a.Login, Domain = a.Domain, AuthenticationName = a.AuthenticationName, OutboundProxy = a.OutboundProxy, Port = a.Port, Transport = a.Transport,
            RegisterRequired = a.RegisterRequired, AnswersCalls = a.Answers is not null, AnswerStream = a.Answers?.Stream, AnswerCallers = a.Answers?.Callers,
        }).ToArray(),
        AccountJson.Default.AccountEntryArray);

    /// <summary>Reads a JSON array of accounts, or CSV whose first line names the fields as in JSON.</summary>
    public static Outcome<IReadOnlyList<AccountDraft>> Read(string text)
    {
        var outcome = text.AsSpan().TrimStart() is ['[', ..] ? ReadJson(text) : ReadCsv(text);
        if (!outcome.Succeeded) return outcome;
        if (outcome.Value.Count is 0 or > Most) return Wrong($"The file must hold 1 to {Most} accounts");
        for (var i = 0; i < outcome.Value.Count; i++)
        {
            if (outcome.Value[i].Check().FirstOrDefault() is { Key: not null } wrong)
                return Wrong(string.Create(CultureInfo.InvariantCulture, $"Account {i + 1}, {wrong.Key}: {wrong.Value}"));
        }

        return outcome;
    }

    private static Outcome<IReadOnlyList<AccountDraft>> ReadJson(string text)
    {
        try
        {
            return (JsonSerializer.Deserialize(text, AccountJson.Default.AccountEntryArray) ?? []).Select(Draft).ToList();
        }
        catch (JsonException e)
        {
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"Line {(e.LineNumber ?? 0) + 1} is not what an account looks like"));
        }
    }

    private static Outcome<IReadOnlyList<AccountDraft>> ReadCsv(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Where(l => !string.IsNullOrWhiteSpace(l)).Select(Cells).ToList();
        if (lines.Count < 2) return Wrong("The first line must name the fields: login,domain,…; each further line is an account");
        var names = lines[0].Select(n => n.Trim().ToLowerInvariant()).ToList();
        if (!names.Contains("login") || !names.Contains("domain")) return Wrong("The first line must name at least login and domain");
        var drafts = new List<AccountDraft>();
        foreach (var cells in lines.Skip(1))
        {
            string? Cell(string name) => names.IndexOf(name) is >= 0 and var i && i < cells.Count && cells[i].Trim() is { Length: > 0 } value ? value : null;
            drafts.Add(Draft(new AccountEntry
            {
                Name = Cell("name"), Login = Cell("login"), Domain = Cell("domain"), AuthenticationName = Cell("authenticationname"), Password = Cell("password"), OutboundProxy = Cell("outboundproxy"),
                Port = Cell("port") is { } port ? int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1 : null,
                Transport = Enum.TryParse<SipTransportChoice>(Cell("transport"), true, out var transport) ? transport : SipTransportChoice.Auto,
                RegisterRequired = Yes(Cell("registerrequired")), AnswersCalls = Yes(Cell("answerscalls")), AnswerStream = Cell("answerstream"), AnswerCallers = Cell("answercallers"),
            }));
        }

        return drafts;
    }

    /// <summary>The cells of one line, RFC 4180 quotes included; line breaks within quotes are not taken.</summary>
    private static List<string> Cells(string line)
    {
        var separator = line.Contains(';', StringComparison.Ordinal) && !line.Contains(',', StringComparison.Ordinal) ? ';' : ',';
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[++i]);
            else if (c == '"') isQuoted = !isQuoted;
            else if (c == separator && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(c);
        }

        cells.Add(cell.ToString());
        return cells;
    }

    private static AccountDraft Draft(AccountEntry e) => new()
    {
        Name = e.Name ?? "", Login = e.Login?.Trim() ?? "", Domain = e.Domain?.Trim() ?? "", AuthenticationName = e.AuthenticationName, Password = string.IsNullOrEmpty(e.Password) ? null : e.Password,
        OutboundProxy = e.OutboundProxy, Port = e.Port, Transport = e.Transport, RegisterRequired = e.RegisterRequired,
        AnswersCalls = e.AnswersCalls, AnswerStream = e.AnswerStream, AnswerCallers = e.AnswerCallers,
    };

    private static bool Yes(string? cell) => cell is "true" or "yes" or "1";

    private static Failure Wrong(string what) => new("bad-account-file", Blame.Caller, "This file is not a list of accounts", what);
}

/// <summary>Source-generated JSON of account files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(AccountEntry[]))]
internal sealed partial class AccountJson : JsonSerializerContext;
