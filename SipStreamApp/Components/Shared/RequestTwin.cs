using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SipStreamApp.Components.Shared;

/// <summary>A request as a shell command, C# and JavaScript. Secrets are taken from the environment, never shown.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Address">Whole address.</param>
/// <param name="Body">JSON body; null: none. A text "$SIP_PASSWORD" stands for that variable of the environment.</param>
/// <param name="HasKey">Sent with an API key ($SIPSTREAM_KEY).</param>
internal sealed record RequestTwin(string Method, string Address, JsonObject? Body, bool HasKey = false)
{
    /// <summary>What stands for the password of a SIP account in JSON.</summary>
    public const string Password = "$SIP_PASSWORD";

    private const string Key = "SIPSTREAM_KEY";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A file whose content is the body, where it is not JSON, and its content type.</summary>
    public (string File, string ContentType)? File { get; init; }

    /// <summary>For a POSIX shell.</summary>
    public string Curl()
    {
        var text = new StringBuilder("curl");
        if (Method != "GET") text.Append(" -X ").Append(Method);
        text.Append(' ').Append(Address.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or ':' or '.' or '-' or '_' or '~' or '%' or '[' or ']') ? Address : "'" + Address.Replace("'", "%27", StringComparison.Ordinal) + "'");
        if (HasKey) text.Append(" \\\n  -H \"Authorization: Bearer $").Append(Key).Append('"');
        if (File is var (file, type)) text.Append(" \\\n  -H 'Content-Type: ").Append(type).Append("' \\\n  --data-binary @").Append(file);
        if (Body is null) return text.ToString();

        // Single quotes end the shell's string, so each becomes '\''; the variable needs double quotes between two single-quoted parts.
        var json = Body.ToJsonString(Readable).Replace("'", "'\\''", StringComparison.Ordinal).Replace($"\"{Password}\"", $"\"'\"{Password}\"'\"", StringComparison.Ordinal);
        return text.Append(" \\\n  -H 'Content-Type: application/json' \\\n  -d '").Append(json).Append('\'').ToString();
    }

    /// <summary>A program of top-level statements.</summary>
    public string CSharp()
    {
        var text = new StringBuilder(Body is null ? "" : "using System.Net.Http.Json;\n\n").Append("using var http = new HttpClient();\n");
        if (HasKey) text.Append("http.DefaultRequestHeaders.Authorization = new(\"Bearer\", ").Append(Variable(Key)).Append(");\n");
        if (Method == "GET") return text.Append("Console.WriteLine(await http.GetStringAsync(").Append(Quoted(Address)).Append("));").ToString();
        text.Append("using var answer = await http.");
        if (Body is not null)
        {
            text.Append("PostAsJsonAsync(").Append(Quoted(Address)).Append(", new\n");
            Object(text, Body, "", " = ", "new ", Variable);
            text.Append(");\n");
        }
        else if (File is var (file, type))
        {
            text.Append("PostAsync(").Append(Quoted(Address)).Append(", new StringContent(File.ReadAllText(").Append(Quoted(file)).Append("), null, ").Append(Quoted(type)).Append("));\n");
        }
        else
        {
            text.Append(Method == "DELETE" ? "DeleteAsync(" : "PostAsync(").Append(Quoted(Address)).Append(Method == "DELETE" ? ");\n" : ", null);\n");
        }

        return text.Append("answer.EnsureSuccessStatusCode();").ToString();

        static string Variable(string name) => $"Environment.GetEnvironmentVariable(\"{name}\")";
    }

    /// <summary>For Node.js; in a page only the environment is missing.</summary>
    public string JavaScript()
    {
        var text = new StringBuilder("const answer = await fetch(").Append(Quoted(Address));
        var type = File?.ContentType ?? (Body is null ? null : "application/json");
        if (Method != "GET" || HasKey)
        {
            text.Append(", {\n  method: ").Append(Quoted(Method)).Append(",\n");
            if (type is not null || HasKey)
            {
                text.Append("  headers: { ").AppendJoin(", ", new[] { type is null ? null : $"\"Content-Type\": \"{type}\"", HasKey ? $"Authorization: `Bearer ${{{Variable(Key)}}}`" : null }.Where(h => h is not null))
                    .Append(" },\n");
            }

            if (Body is not null)
            {
                text.Append("  body: JSON.stringify(");
                Object(text, Body, "  ", ": ", "", Variable);
                text.Append("),\n");
            }
            else if (File is not null)
            {
                text.Append("  body: await (await import(\"node:fs/promises\")).readFile(").Append(Quoted(File.Value.File)).Append("),\n");
            }

            text.Append('}');
        }

        return text.Append(");\nif (!answer.ok) throw new Error(await answer.text());").ToString();

        static string Variable(string name) => "process.env." + name;
    }

    private static void Object(StringBuilder text, JsonObject value, string indent, string between, string make, Func<string, string> variable)
    {
        text.Append("{\n");
        foreach (var (name, field) in value)
        {
            text.Append(indent).Append(make.Length == 0 ? "  " : "    ").Append(name).Append(between);
            Literal(text, field, indent + (make.Length == 0 ? "  " : "    "), between, make, variable);
            text.Append(",\n");
        }

        text.Append(indent).Append('}');
    }

    private static void Literal(StringBuilder text, JsonNode? value, string indent, string between, string make, Func<string, string> variable)
    {
        switch (value)
        {
            case JsonObject inner:
                if (make.Length > 0) text.Append("new\n").Append(indent);
                Object(text, inner, indent, between, make, variable);
                break;
            case JsonArray list:
                text.Append(make.Length > 0 ? "new object?[] { " : "[");
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    Literal(text, list[i], indent, between, make, variable);
                }

                text.Append(make.Length > 0 ? " }" : "]");
                break;
            case JsonValue single when single.GetValueKind() == JsonValueKind.String:
                var words = single.GetValue<string>();
                text.Append(words == Password ? variable(Password[1..]) : Quoted(words));
                break;
            case null:
                text.Append(make.Length > 0 ? "(object?)null" : "null");
                break;
            default:
                text.Append(value.ToJsonString());
                break;
        }
    }

    // JSON's escapes are those of C# and JavaScript, too.
    private static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";
}
