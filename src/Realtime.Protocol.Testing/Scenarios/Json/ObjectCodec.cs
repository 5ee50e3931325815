using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>An object: one row a member, with its description, how it is read into the value, and when it is written.</summary>
/// <param name="name">Under which the schema defines it.</param>
/// <param name="what">What it is, in a sentence: <c>a step</c>.</param>
/// <param name="start">The value that an empty object means.</param>
internal sealed class ObjectCodec<T>(string name, string what, T start) : Codec<T>
{
    private readonly List<Row> _rows = [];
    private readonly Dictionary<string, string> _later = [];
    private Action<JsonObject>? _schema;
    private Func<T, Located, T> _finish = static (value, _) => value;

    public override string What => what;

    /// <summary>A member whose value is a reference; null is not written.</summary>
    public ObjectCodec<T> With<TMember>(string member, string about, Codec<TMember> codec, Func<T, TMember?> get, Func<T, TMember, T> set)
        where TMember : class =>
        Add(member, about, (at, value) => set(value, codec.Read(at, $"\"{member}\"")), codec.Schema, value => get(value) is { } present ? to => codec.Write(to, present) : null);

    /// <summary>A member whose value is a value; null is not written.</summary>
    public ObjectCodec<T> With<TMember>(string member, string about, Codec<TMember> codec, Func<T, TMember?> get, Func<T, TMember, T> set)
        where TMember : struct =>
        Add(member, about, (at, value) => set(value, codec.Read(at, $"\"{member}\"")), codec.Schema, value => get(value) is { } present ? to => codec.Write(to, present) : null);

    /// <summary>A member that does nothing here, with a sentence that says so.</summary>
    public ObjectCodec<T> Later(string member, string sentence)
    {
        _later.Add(member, sentence);
        return this;
    }

    /// <summary>What holds for more than one member.</summary>
    /// <param name="finish">Sees the value and the object; gives the value, or throws what is wrong.</param>
    /// <param name="schema">Says the same in the schema, as far as that can.</param>
    public ObjectCodec<T> Check(Func<T, Located, T> finish, Action<JsonObject>? schema = null)
    {
        (_finish, _schema) = (finish, schema);
        return this;
    }

    public override T Read(Located at, string name)
    {
        if (at.Kind != JsonValueKind.Object)
        {
            throw at.Fault($"{name} takes {what}, not {at.Shown()}.");
        }

        T value = start;
        foreach (LocatedMember member in at.Members)
        {
            value = _rows.Find(row => row.Name == member.Name) is { } found ? found.Read(member.Value, value) : throw Unknown(at, member);
        }

        return _finish(value, at);
    }

    public override void Write(Utf8JsonWriter to, T value)
    {
        to.WriteStartObject();
        foreach (Row row in _rows)
        {
            if (row.Writing(value) is { } write)
            {
                to.WritePropertyName(row.Name);
                write(to);
            }
        }

        to.WriteEndObject();
    }

    public override JsonObject Schema(JsonObject definitions)
    {
        if (!definitions.ContainsKey(name))
        {
            // A definition may need itself.
            definitions[name] = null;
            definitions[name] = Whole(definitions);
        }

        return new() { ["$ref"] = $"#/definitions/{name}" };
    }

    /// <summary>The schema, in place and not as a reference.</summary>
    public JsonObject Whole(JsonObject definitions)
    {
        var properties = new JsonObject();
        foreach (Row row in _rows)
        {
            JsonObject schema = row.Schema(definitions);

            // Draft 7: beside a reference nothing else counts.
            properties[row.Name] = schema.ContainsKey("$ref") ? new JsonObject { ["description"] = row.About, ["allOf"] = new JsonArray(schema) } : Described(row.About, schema);
        }

        var whole = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        _schema?.Invoke(whole);
        return whole;
    }

    private static JsonObject Described(string about, JsonObject schema)
    {
        schema.Insert(0, "description", about);
        return schema;
    }

    private ScenarioException Unknown(Located at, LocatedMember member)
    {
        if (_later.TryGetValue(member.Name, out string? sentence))
        {
            return at.Fault(member, sentence);
        }

        string suggestion = Spelling.Meant(member.Name, _rows.Select(static row => row.Name));
        string names = suggestion.Length > 0 ? suggestion : $" It may have {string.Join(", ", _rows.Select(static row => row.Name))}.";
        return at.Fault(member, $"There is no member \"{member.Name}\" in {what}.{names}");
    }

    private ObjectCodec<T> Add(string member, string about, Func<Located, T, T> read, Func<JsonObject, JsonObject> schema, Func<T, Action<Utf8JsonWriter>?> writing)
    {
        _rows.Add(new(member, about, read, schema, writing));
        return this;
    }

    private sealed record Row(string Name, string About, Func<Located, T, T> Read, Func<JsonObject, JsonObject> Schema, Func<T, Action<Utf8JsonWriter>?> Writing);
}
