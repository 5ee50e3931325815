using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>
/// One kind of value in a scenario, in its three spellings: how it is read, how it is written, and what the schema says of it. They stand
/// side by side, so that none of them can know more than the others.
/// </summary>
internal abstract class Codec<T>
{
    /// <summary>What it takes, in a sentence: <c>a span, such as …</c>.</summary>
    public abstract string What { get; }

    /// <summary>Reads it.</summary>
    /// <param name="name">What is being read, in a sentence.</param>
    /// <exception cref="ScenarioException">It is not such a value.</exception>
    public abstract T Read(Located at, string name);

    public abstract void Write(Utf8JsonWriter to, T value);

    public abstract JsonObject Schema(JsonObject definitions);

    protected ScenarioException Unfit(Located at, string name) => at.Fault($"{name} takes {What}, not {at.Shown()}.");
}

/// <summary>Any text that is not empty.</summary>
internal sealed class TextCodec(string what = "a text", bool mayBeEmpty = true) : Codec<string>
{
    public override string What => what;

    public override string Read(Located at, string name) => at.Kind == JsonValueKind.String && (mayBeEmpty || at.Text.Length > 0) ? at.Text : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, string value) => to.WriteStringValue(value);

    public override JsonObject Schema(JsonObject definitions) => mayBeEmpty ? new() { ["type"] = "string" } : new() { ["type"] = "string", ["minLength"] = 1 };
}

/// <summary>A text of a certain form.</summary>
internal sealed class FormCodec(string what, string pattern) : Codec<string>
{
    public override string What => what;

    public override string Read(Located at, string name) =>
        at.Kind == JsonValueKind.String && System.Text.RegularExpressions.Regex.IsMatch(at.Text, pattern, System.Text.RegularExpressions.RegexOptions.NonBacktracking) ? at.Text : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, string value) => to.WriteStringValue(value);

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "string", ["pattern"] = pattern };
}

/// <summary>A whole number.</summary>
internal sealed class WholeCodec(int least, int most) : Codec<int>
{
    public override string What => most == int.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} on")
        : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");

    public override int Read(Located at, string name) => at.TryInteger(out long number) && number >= least && number <= most ? (int)number : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, int value) => to.WriteNumberValue(value);

    public override JsonObject Schema(JsonObject definitions) => most == int.MaxValue
        ? new() { ["type"] = "integer", ["minimum"] = least }
        : new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };
}

/// <summary>A seed.</summary>
internal sealed class SeedCodec : Codec<ulong>
{
    public override string What => "a whole number from 0 on";

    public override ulong Read(Located at, string name) => at.TryUnsigned(out ulong number) ? number : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, ulong value) => to.WriteNumberValue(value);

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "integer", ["minimum"] = 0 };
}

/// <summary>How much faster than real time.</summary>
internal sealed class SpeedCodec : Codec<double>
{
    private const string Unlimited = "unlimited";

    public override string What => "a number above 0, or \"unlimited\"";

    public override double Read(Located at, string name) =>
        at.Kind == JsonValueKind.String && at.Text == Unlimited ? double.PositiveInfinity
        : at.TryReal(out double number) && number > 0 && double.IsFinite(number) ? number
        : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, double value)
    {
        if (double.IsPositiveInfinity(value))
        {
            to.WriteStringValue(Unlimited);
        }
        else
        {
            to.WriteNumberValue(value);
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0 }, new JsonObject { ["const"] = Unlimited }) };
}

/// <summary>Yes or no.</summary>
internal sealed class FlagCodec : Codec<bool>
{
    public override string What => "true or false";

    public override bool Read(Located at, string name) => at.Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unfit(at, name),
    };

    public override void Write(Utf8JsonWriter to, bool value) => to.WriteBooleanValue(value);

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "boolean" };
}

/// <summary>One of a few names.</summary>
internal sealed class ChoiceCodec<T>(params (string Name, T Value)[] choices) : Codec<T>
{
    public override string What => string.Join(" or ", choices.Select(static choice => $"\"{choice.Name}\""));

    public override T Read(Located at, string name)
    {
        foreach ((string word, T value) in choices)
        {
            if (at.Kind == JsonValueKind.String && at.Text == word)
            {
                return value;
            }
        }

        string suggestion = at.Kind == JsonValueKind.String ? Spelling.Meant(at.Text, choices.Select(static choice => choice.Name)) : "";
        throw at.Fault($"{name} takes {What}, not {at.Shown()}.{suggestion}");
    }

    public override void Write(Utf8JsonWriter to, T value) => to.WriteStringValue(choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Name);

    public override JsonObject Schema(JsonObject definitions) => new() { ["enum"] = new JsonArray([.. choices.Select(static choice => (JsonNode)choice.Name)]) };
}

/// <summary>Any number of values.</summary>
internal sealed class ListCodec<T>(Codec<T> item, string what, int most = int.MaxValue) : Codec<IReadOnlyList<T>>
{
    public override string What => what;

    public override IReadOnlyList<T> Read(Located at, string name)
    {
        if (at.Kind != JsonValueKind.Array || at.Items.Count > most)
        {
            throw Unfit(at, name);
        }

        return [.. at.Items.Select(entry => item.Read(entry, $"An entry of {name}"))];
    }

    public override void Write(Utf8JsonWriter to, IReadOnlyList<T> value)
    {
        to.WriteStartArray();
        foreach (T entry in value)
        {
            item.Write(to, entry);
        }

        to.WriteEndArray();
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "array", ["items"] = item.Schema(definitions) };
}

/// <summary>Values by a name of the author's own.</summary>
internal sealed class MapCodec<T>(Codec<T> value, string what) : Codec<IReadOnlyList<KeyValuePair<string, T>>>
{
    public override string What => what;

    public override IReadOnlyList<KeyValuePair<string, T>> Read(Located at, string name)
    {
        if (at.Kind != JsonValueKind.Object)
        {
            throw Unfit(at, name);
        }

        return [.. at.Members.Select(member => new KeyValuePair<string, T>(member.Name, value.Read(member.Value, $"\"{member.Name}\"")))];
    }

    public override void Write(Utf8JsonWriter to, IReadOnlyList<KeyValuePair<string, T>> map)
    {
        to.WriteStartObject();
        foreach ((string name, T entry) in map)
        {
            to.WritePropertyName(name);
            value.Write(to, entry);
        }

        to.WriteEndObject();
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "object", ["additionalProperties"] = value.Schema(definitions) };
}
