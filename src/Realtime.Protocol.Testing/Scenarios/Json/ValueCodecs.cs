using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>A span: a number of milliseconds, or a text with a unit.</summary>
/// <param name="leastMs">The shortest that makes sense.</param>
/// <param name="mostMs">The longest that makes sense.</param>
internal sealed class DelayCodec(long leastMs = 0, long mostMs = Delay.LongestMs, string limits = "") : Codec<Delay>
{
    public override string What => $"a span such as 250, \"250ms\", \"2s\", \"1.5m\" or \"0-500ms\"{limits}";

    public override Delay Read(Located at, string name)
    {
        Delay delay = default;
        bool isSpan = at.Kind switch
        {
            JsonValueKind.String => Delay.TryParse(at.Text, out delay),
            _ => at.TryInteger(out long number) && Delay.TryParse($"{number.ToString(System.Globalization.CultureInfo.InvariantCulture)}ms", out delay),
        };
        return isSpan && delay.LeastMs >= leastMs && delay.MostMs <= mostMs ? delay : throw Unfit(at, name);
    }

    public override void Write(Utf8JsonWriter to, Delay value)
    {
        if (value.LeastMs == value.MostMs)
        {
            to.WriteNumberValue(value.LeastMs);
        }
        else
        {
            to.WriteStringValue(value.ToString());
        }
    }

    /// <summary>The schema of a span that is no range.</summary>
    public JsonObject SchemaOfOne(JsonObject definitions) => new() { ["allOf"] = new JsonArray(Schema(definitions)), ["not"] = new JsonObject { ["type"] = "string", ["pattern"] = "-" } };

    public override JsonObject Schema(JsonObject definitions)
    {
        definitions["span"] ??= new JsonObject
        {
            ["description"] = "A span of time: milliseconds as a number, or a text with a unit; a range is drawn from the seed each time.",
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = Delay.LongestMs },
                new JsonObject { ["type"] = "string", ["pattern"] = @"^\d+(\.\d+)?(-\d+(\.\d+)?)?(ms|s|m)$" }),
        };
        var span = new JsonObject { ["$ref"] = "#/definitions/span" };

        // Of a text only its form can be told.
        return leastMs == 0 && mostMs == Delay.LongestMs ? span : new() { ["allOf"] = new JsonArray(span, new JsonObject { ["minimum"] = leastMs, ["maximum"] = mostMs }) };
    }
}

/// <summary>A span, or one that counts from an event of the server.</summary>
internal sealed class MomentCodec : Codec<Moment>
{
    private static readonly ObjectCodec<Moment> Object = new ObjectCodec<Moment>("moment", "an event to wait for", new(null, 1, default))
        .With("after", "The type of the server event that is waited for, such as response.done.", new EventTypeCodec(), static moment => moment.EventType, static (moment, type) => moment with { EventType = type })
        .With("nth", "Which of them, counted from where the waiting began; 1 where nothing is said.", new WholeCodec(1, int.MaxValue), static moment => moment.Nth == 1 ? null : moment.Nth, static (moment, nth) => moment with { Nth = nth })
        .With("plus", "So long after it.", new DelayCodec(), static moment => moment.Plus == default ? (Delay?)null : moment.Plus, static (moment, plus) => moment with { Plus = plus })
        .Check(static (moment, at) => moment.EventType is null ? throw at.Fault("A moment that is an object names an event in \"after\".") : moment, static schema => schema["required"] = new JsonArray("after"));

    private static readonly DelayCodec Span = new();

    public override string What => Span.What + ", or { \"after\": an event type }";

    public override Moment Read(Located at, string name) =>
        at.Kind == JsonValueKind.Object ? Object.Read(at, name)
        : at.Kind is JsonValueKind.Number or JsonValueKind.String ? Span.Read(at, name)
        : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, Moment value)
    {
        if (value.EventType is null)
        {
            Span.Write(to, value.Plus);
        }
        else
        {
            Object.Write(to, value);
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(Span.Schema(definitions), Object.Schema(definitions)) };
}

/// <summary>The type of an event that the server says.</summary>
internal sealed class EventTypeCodec : Codec<string>
{
    public override string What => "the type of a server event";

    public override string Read(Located at, string name)
    {
        string type = at.Kind == JsonValueKind.String ? at.Text : throw Unfit(at, name);
        return EventTypes.Server.Contains(type) ? type : throw at.Fault($"The server has no event \"{type}\".{Spelling.Meant(type, EventTypes.Server)}");
    }

    public override void Write(Utf8JsonWriter to, string value) => to.WriteStringValue(value);

    public override JsonObject Schema(JsonObject definitions)
    {
        definitions["serverEvent"] ??= new JsonObject { ["enum"] = new JsonArray([.. EventTypes.Server.Select(static type => (JsonNode)type)]) };
        return new() { ["$ref"] = "#/definitions/serverEvent" };
    }
}

/// <summary>What a text has to be like.</summary>
internal sealed class WordingCodec : Codec<Wording>
{
    private static readonly string[] Kinds = ["exactly", "regex"];

    public override string What => "words, or { \"exactly\": … } or { \"regex\": … }";

    public override Wording Read(Located at, string name)
    {
        if (at.Kind == JsonValueKind.String)
        {
            return at.Text;
        }

        if (at is not { Kind: JsonValueKind.Object, Members: [{ Value: { Kind: JsonValueKind.String } text } member] } || !Kinds.Contains(member.Name))
        {
            throw Unfit(at, name);
        }

        try
        {
            return member.Name == "exactly" ? Wording.Exactly(text.Text) : Wording.Regex(text.Text);
        }
        catch (ArgumentException wrong)
        {
            int end = wrong.Message.IndexOf(" (Parameter", StringComparison.Ordinal);
            throw text.Fault($"This is no regular expression: {(end < 0 ? wrong.Message : wrong.Message[..end])}");
        }
    }

    public override void Write(Utf8JsonWriter to, Wording value)
    {
        if (value.Kind == WordingKind.Containing)
        {
            to.WriteStringValue(value.Text);
            return;
        }

        to.WriteStartObject();
        to.WriteString(value.Kind == WordingKind.Exactly ? "exactly" : "regex", value.Text);
        to.WriteEndObject();
    }

    public override JsonObject Schema(JsonObject definitions)
    {
        definitions["words"] ??= new JsonObject
        {
            ["description"] = "What a text contains, in capitals or not; or exactly, to the letter; or a regular expression that a piece of it matches.",
            ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, Only("exactly"), Only("regex")),
        };
        return new() { ["$ref"] = "#/definitions/words" };
    }

    private static JsonObject Only(string member) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray(member),
        ["properties"] = new JsonObject { [member] = new JsonObject { ["type"] = "string" } },
    };
}

/// <summary>What a step sounds like.</summary>
internal sealed class SoundCodec : Codec<Sound>
{
    private static readonly string[] Verbs = ["tone", "silence", "wav", "espeak"];

    private static readonly DelayCodec Length = new(1, (long)Sound.Longest.TotalMilliseconds, ", from a millisecond to an hour");

    private static readonly ChoiceCodec<Sound> Names = new(("tone", Sound.Tone(Sound.DefaultHertz)), ("echo", Sound.Echo), ("silence", Sound.Silence()));

    private static readonly ObjectCodec<Parts> Object = new ObjectCodec<Parts>("sound", "a sound", new())
        .With("tone", "A soft tone of this pitch in hertz.", new PitchCodec(), static parts => parts.Tone, static (parts, tone) => parts with { Tone = tone })
        .With("silence", "No sound, for so long.", Length, static parts => parts.Silence, static (parts, silence) => parts with { Silence = silence })
        .With("wav", "A WAV file of 16-bit PCM, mono, 24000 or 8000 Hz; its path from the scenario's folder on.", new TextCodec("the path of a WAV file", mayBeEmpty: false), static parts => parts.Wav, static (parts, wav) => parts with { Wav = wav })
        .With("espeak", "The words as espeak-ng speaks them with this voice, such as en.", new TextCodec("a voice of espeak-ng", mayBeEmpty: false), static parts => parts.Espeak, static (parts, voice) => parts with { Espeak = voice })
        .With("length", "How long the tone is; as long as the words would be where nothing is said.", Length, static parts => parts.Length, static (parts, length) => parts with { Length = length })
        .With("required", "The scenario is refused where espeak-ng is missing; otherwise a tone takes its place.", new FlagCodec(), static parts => parts.Required, static (parts, required) => parts with { Required = required })
        .Check(Checked, static schema =>
        {
            schema["oneOf"] = new JsonArray([.. Verbs.Select(static verb => (JsonNode)new JsonObject { ["required"] = new JsonArray(verb) })]);
            schema["dependencies"] = new JsonObject { ["length"] = new JsonArray("tone"), ["required"] = new JsonArray("espeak") };
        });

    public override string What => "\"tone\", \"echo\", \"silence\", or an object with one of tone, silence, wav or espeak";

    public override Sound Read(Located at, string name) => at.Kind switch
    {
        JsonValueKind.String => Names.Read(at, name),
        JsonValueKind.Object => Object.Read(at, name).ToSound(),
        _ => throw Unfit(at, name),
    };

    public override void Write(Utf8JsonWriter to, Sound value)
    {
        if (value is Sound.Echoed or Sound.Silent { Length: null } or Sound.Pitched { Hertz: Sound.DefaultHertz, Length: null })
        {
            Names.Write(to, value);
        }
        else
        {
            Object.Write(to, Parts.Of(value));
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(Names.Schema(definitions), Object.Schema(definitions)) };

    private static Parts Checked(Parts parts, Located at)
    {
        LocatedMember[] verbs = [.. at.Members.Where(static member => Verbs.Contains(member.Name))];
        return verbs.Length == 0 ? throw at.Fault("A sound has one of tone, silence, wav or espeak.")
            : verbs.Length > 1 ? throw at.Fault(verbs[1], $"A sound is one thing: it has \"{verbs[0].Name}\" already.")
            : parts.Length is not null && parts.Tone is null ? throw at.Fault(at.Members.First(static member => member.Name == "length"), $"\"length\" belongs to a tone, not to \"{verbs[0].Name}\".")
            : parts.Required is not null && parts.Espeak is null ? throw at.Fault(at.Members.First(static member => member.Name == "required"), $"\"required\" belongs to espeak, not to \"{verbs[0].Name}\".")
            : parts;
    }

    private sealed record Parts
    {
        public double? Tone { get; init; }

        public Delay? Silence { get; init; }

        public string? Wav { get; init; }

        public string? Espeak { get; init; }

        public Delay? Length { get; init; }

        public bool? Required { get; init; }

        public static Parts Of(Sound sound) => sound switch
        {
            Sound.Pitched tone => new() { Tone = tone.Hertz, Length = tone.Length },
            Sound.Silent silent => new() { Silence = silent.Length },
            Sound.Recorded recorded => new() { Wav = recorded.File },
            Sound.Voiced voiced => new() { Espeak = voiced.Language, Required = voiced.Required ? true : null },
            _ => throw new InvalidOperationException("This sound has a name and no parts."),
        };

        public Sound ToSound() => this switch
        {
            { Tone: { } hertz } => Sound.Tone(hertz, Length),
            { Silence: { } length } => Sound.Silence(length),
            { Wav: { } file } => Sound.Wav(file),
            _ => Sound.Spoken(Espeak!, Required ?? false),
        };
    }
}

/// <summary>A pitch that can be heard.</summary>
internal sealed class PitchCodec : Codec<double>
{
    private const double Lowest = 20;
    private const double Highest = 12_000;

    public override string What => "a pitch from 20 to 12000 hertz";

    public override double Read(Located at, string name) => at.TryReal(out double hertz) && hertz is >= Lowest and <= Highest ? hertz : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, double value) => to.WriteNumberValue(value);

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "number", ["minimum"] = Lowest, ["maximum"] = Highest };
}

/// <summary>A JSON object that is passed on as it stands, without what is between its tokens.</summary>
/// <param name="mayBeText">Whether a text is taken too, for what is no JSON object, or one that has to stay as it was written.</param>
/// <param name="needed">The members that it has to have; whoever reads it looks for them.</param>
internal sealed class RawCodec(string what, bool mayBeText = false, params string[] needed) : Codec<string>
{
    public override string What => what;

    public override string Read(Located at, string name) => at.Kind switch
    {
        JsonValueKind.Object => at.Minified,
        JsonValueKind.String when mayBeText => at.Text,
        _ => throw Unfit(at, name),
    };

    public override void Write(Utf8JsonWriter to, string value)
    {
        if (IsCanonical(value) || !mayBeText)
        {
            using JsonDocument document = JsonDocument.Parse(value);
            document.WriteTo(to);
        }
        else
        {
            to.WriteStringValue(value);
        }
    }

    public override JsonObject Schema(JsonObject definitions) => mayBeText
        ? new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "object" }, new JsonObject { ["type"] = "string" }) }
        : new() { ["type"] = "object", ["required"] = new JsonArray([.. needed.Select(static member => (JsonNode)member)]) };

    private static bool IsCanonical(string value)
    {
        try
        {
            return value.StartsWith('{') && Located.Minify(System.Text.Encoding.UTF8.GetBytes(value)) == value;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>One number or several.</summary>
internal sealed class TurnNumbersCodec : Codec<IReadOnlyList<int>>
{
    private static readonly WholeCodec One = new(1, int.MaxValue);
    private static readonly ListCodec<int> Many = new(One, "a list of numbers");

    public override string What => "a number from 1 on, or a list of them";

    public override IReadOnlyList<int> Read(Located at, string name) =>
        at.Kind == JsonValueKind.Number ? [One.Read(at, name)]
        : at is { Kind: JsonValueKind.Array, Items.Count: > 0 } ? Many.Read(at, name)
        : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, IReadOnlyList<int> value)
    {
        if (value is [int only])
        {
            One.Write(to, only);
        }
        else
        {
            Many.Write(to, value);
        }
    }

    public override JsonObject Schema(JsonObject definitions)
    {
        JsonObject many = Many.Schema(definitions);
        many["minItems"] = 1;
        return new() { ["anyOf"] = new JsonArray(One.Schema(definitions), many) };
    }
}

/// <summary>The name of a function, or names with what they returned.</summary>
internal sealed class ToolOutputCodec : Codec<IReadOnlyList<KeyValuePair<string, Wording?>>>
{
    private static readonly TextCodec Name = new("the name of a function", mayBeEmpty: false);
    private static readonly MapCodec<Wording> Outputs = new(new WordingCodec(), "names of functions with words of their output");

    public override string What => "the name of a function, or names with words of their output";

    public override IReadOnlyList<KeyValuePair<string, Wording?>> Read(Located at, string name) =>
        at.Kind == JsonValueKind.String ? [new(Name.Read(at, name), null)]
        : at is { Kind: JsonValueKind.Object, Members.Count: > 0 } ? [.. Outputs.Read(at, name).Select(static output => new KeyValuePair<string, Wording?>(output.Key, output.Value))]
        : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, IReadOnlyList<KeyValuePair<string, Wording?>> value)
    {
        if (value is [{ Value: null } only])
        {
            Name.Write(to, only.Key);
        }
        else
        {
            // Anything at all contains nothing.
            Outputs.Write(to, [.. value.Select(static output => new KeyValuePair<string, Wording>(output.Key, output.Value ?? ""))]);
        }
    }

    public override JsonObject Schema(JsonObject definitions)
    {
        JsonObject outputs = Outputs.Schema(definitions);
        outputs["minProperties"] = 1;
        return new() { ["anyOf"] = new JsonArray(Name.Schema(definitions), outputs) };
    }
}
