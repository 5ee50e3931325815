using Realtime.Protocol.Testing.Simulation.Shapes;

namespace Realtime.Protocol.Testing.Tests.Simulation.Shapes;

/// <summary>
/// One message of a client that knows the schema and nothing else: a whole event, in which one path has something that need not belong there. It has
/// the id <see cref="EventId"/>, unless that is what is changed.
/// </summary>
internal sealed record SchemaCase(string Type, string Path, string What, string Message)
{
    public const string EventId = "e1";

    /// <summary>The item that the events are about.</summary>
    public const string ItemId = "said";

    private const string AnyName = "a";

    // What a member has to say for the event to mean something, by the end of its path.
    private static readonly (string End, string Value)[] Samples =
    [
        ("event_id", $"\"{EventId}\""), ("item_reference>.id", "\"said\""), ("item_id", "\"said\""), ("function_call_output>.call_id", "\"c1\""), (".role", "\"user\""), ("session<realtime>.model", "\"gpt-realtime\""),
        (".voice", "\"marin\""), (".language", "\"en\""), (".server_url", "\"https://mcp.example\""), (".image_url", "\"data:image/png;base64,AAAA\""), ("arguments", "\"{}\""),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "\"\"", "\"x\"", "7", "1.5", "-1", "1e300", "9223372036854775807", "[]", "{}", "[null]", "[[]]", "[{}]", """{"type":null}""", """{"type":1}""", """{"a":null}""", "\"\\ud800\"",
        $"\"{new string('x', 1_000)}\"", $$"""{{{string.Join(',', Enumerable.Range(0, 20).Select(static i => $"\"k{i}\":\"v\""))}}}""", $$"""{"{{new string('k', 100)}}":"v"}""",
    ];

    /// <summary>The message, about another item where only sound of the model will do.</summary>
    public string About(string? spokenId) => spokenId is null || Type != "conversation.item.truncate" ? Message : Message.Replace($"\"item_id\":\"{ItemId}\"", $"\"item_id\":\"{spokenId}\"", StringComparison.Ordinal);

    private enum Edit
    {
        Nothing,
        Absent,
        Twice,
        Neighbour,
        Value,
    }

    /// <summary>Every case of every path of every event.</summary>
    /// <param name="session">The type that a session of this kind has, where it has one.</param>
    public static SchemaCase[] All(string family, string session = "realtime") =>
    [
        .. SchemaPaths.Of(family).SelectMany(one =>
        {
            var root = ShapeNode.Of(new EventShape(one.Key, ShapeSessions.Hearing, [.. one.Value.Values]), ShapeSessions.Realtime);
            return one.Value.Values.SelectMany(shape => At(root, one.Key, shape, session));
        }),
    ];

    private static IEnumerable<SchemaCase> At(ShapeNode root, string type, Shape shape, string session)
    {
        HashSet<string> way = [];
        for (string? path = shape.Path; path is not null; path = ShapeNode.Split(path).Parent)
        {
            way.Add(path);
        }

        SchemaCase Case(string what, Edit edit, string value = "") => new(type, shape.Path, what, new Writer(way, shape.Path, edit, value, session).Write(root));
        yield return Case("whole", Edit.Nothing);
        if (shape.Path.Length > 0)
        {
            yield return Case("absent", Edit.Absent);
            yield return Case("twice", Edit.Twice);
            yield return Case("with an unknown neighbour", Edit.Neighbour);
        }

        IEnumerable<string> limits = new[] { shape.Least - 1, shape.Most + 1 }.Where(double.IsFinite).Select(static limit => limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (string value in Values.Concat(limits))
        {
            yield return Case(value.Length > 40 ? value[..40] : value, Edit.Value, value);
        }
    }

    /// <summary>Writes an event with what it needs, the way to one path, and the edit there.</summary>
    private readonly struct Writer(HashSet<string> way, string target, Edit edit, string value, string session)
    {
        public string Write(ShapeNode node)
        {
            Shape shape = node.Shape;
            return edit == Edit.Value && shape.Path == target ? value
                : Sample(shape.Path) is { } sample ? sample
                : Leads(node.Element) || (shape.Forms & ~ShapeForms.Null) == ShapeForms.Array ? $"[{(node.Element is { } element ? Place(null, element) : "")}]"
                : Leads(node.Value) || (node.Value is not null && (shape.Forms & ~ShapeForms.Null) == ShapeForms.Map) ? $"{{{Place(AnyName, node.Value!)}}}"
                : node.Types.Count > 0 && (node.Types.Any(Leads) || !shape.Forms.HasFlag(ShapeForms.Text)) ? Members(node.Types.FirstOrDefault(Leads) ?? node.Types[0])
                : node.Members.Any(Leads) ? Members(node)
                : shape.Values.Length > 0 ? $"\"{shape.Values[0]}\""
                : shape.Forms.HasFlag(ShapeForms.Text) ? "\"x\""
                : shape.Forms.HasFlag(ShapeForms.Audio) ? "\"AAAA\""
                : shape.Forms.HasFlag(ShapeForms.Boolean) ? "true"
                : (shape.Forms & (ShapeForms.Integer | ShapeForms.Number)) != 0 ? (double.IsFinite(shape.Least) ? shape.Least : 0).ToString(System.Globalization.CultureInfo.InvariantCulture)
                : Members(node);
        }

        private bool Leads(ShapeNode? node) => node is not null && way.Contains(node.Shape.Path);

        private string Members(ShapeNode node)
        {
            if (edit == Edit.Value && node.Shape.Path == target)
            {
                return value;
            }

            Writer self = this;
            string path = node.Shape.Path;
            string part = PartOf(target);
            return $"{{{string.Join(',', node.Members
                .Where(member => member.Shape.IsRequired || self.Leads(member) || IsNeeded(path, member.Name) || member.Shape.Path == "event_id" || member.Shape.Path.EndsWith("<message>.content", StringComparison.Ordinal) || (path.EndsWith("content[]", StringComparison.Ordinal) && (member.Name == "type" || member.Name == part)))
                .Select(member => self.Place(member.Name, member))
                .Where(static text => text.Length > 0))}}}";
        }

        // What the service asks for although the schema, which serves its answers too, does not.
        private static bool IsNeeded(string path, string name) =>
            (name == "type" && (path == "session" || path.EndsWith('>')))
            || (name == "name" && path.EndsWith("tools[]<function>", StringComparison.Ordinal))
            || (name is "server_label" or "server_url" && path.EndsWith("tools[]<mcp>", StringComparison.Ordinal));

        private string Place(string? name, ShapeNode node)
        {
            string text = (name is null ? "" : $"\"{name}\":") + Write(node);
            return node.Shape.Path != target ? text : edit switch
            {
                Edit.Absent => "",
                Edit.Twice => $"{text},{text}",
                Edit.Neighbour => name is null ? $"{text},null" : $"{text},\"unknown_neighbour\":1",
                _ => text,
            };
        }

        private string? Sample(string path) =>
            path == "session.type" ? $"\"{session}\""
            : path.EndsWith("content[].type", StringComparison.Ordinal) ? $"\"input_{PartOf(target).Replace("_url", "", StringComparison.Ordinal)}\""
            : way.Contains(path) && path != target ? null
            : Samples.FirstOrDefault(sample => path.EndsWith(sample.End, StringComparison.Ordinal)).Value;

        private static string PartOf(string path) => path.Split('.')[^1] switch
        {
            "audio" or "transcript" => "audio",
            "image_url" or "detail" => "image_url",
            _ => "text",
        };
    }
}
