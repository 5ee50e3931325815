using System.Text.Json;

namespace Realtime.Protocol;

/// <summary>
/// What a million tokens cost, in any currency. No list of prices comes with this library: it would be wrong within months. A price that is not stated is 0, but a cached
/// token without a price of its own costs what an uncached one does.
/// </summary>
public sealed record TokenPrices
{
    /// <summary>The highest price that is taken; a higher one is a mistake in its unit.</summary>
    public const decimal Highest = 1_000_000;

    internal const long Tokens = 1_000_000;

    /// <summary>Text that the model reads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than <see cref="Highest"/>; so it is for every price.</exception>
    public decimal TextInput { get; init => field = Checked(value); }

    /// <summary>Text that the model had read before; null: as <see cref="TextInput"/>.</summary>
    public decimal? CachedTextInput { get; init => field = Checked(value); }

    /// <summary>Text that the model writes, reasoning included.</summary>
    public decimal TextOutput { get; init => field = Checked(value); }

    /// <summary>Sound that the model hears.</summary>
    public decimal AudioInput { get; init => field = Checked(value); }

    /// <summary>Sound that the model had heard before; null: as <see cref="AudioInput"/>.</summary>
    public decimal? CachedAudioInput { get; init => field = Checked(value); }

    /// <summary>Sound that the model speaks.</summary>
    public decimal AudioOutput { get; init => field = Checked(value); }

    /// <summary>Images that the model looks at.</summary>
    public decimal ImageInput { get; init => field = Checked(value); }

    /// <summary>Images that the model had looked at before; null: as <see cref="ImageInput"/>.</summary>
    public decimal? CachedImageInput { get; init => field = Checked(value); }

    /// <summary>Reads prices from JSON: one object with the members of this type, as <c>{"textInput":4,"cachedTextInput":0.4,"audioInput":32}</c>. Upper and lower case are the same.</summary>
    /// <param name="utf8Json">UTF-8; a byte order mark is passed over.</param>
    /// <exception cref="FormatException">It is no JSON object, or has a member that is no price: the message names it and its place. A price is a number from 0 to <see cref="Highest"/> and stands once.</exception>
    public static TokenPrices Parse(ReadOnlySpan<byte> utf8Json)
    {
        ReadOnlySpan<byte> json = utf8Json.StartsWith("\uFEFF"u8) ? utf8Json[3..] : utf8Json;
        var reader = new Utf8JsonReader(json);
        try
        {
            return Read(json, ref reader);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"The prices are no JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}.", broken);
        }
        catch (InvalidOperationException broken)
        {
            throw new FormatException($"The prices are no UTF-8: {Place(json, in reader)}.", broken);
        }
    }

    private static TokenPrices Read(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException($"The prices are {Kind(reader.TokenType)}; expected an object with a number for each price: {Place(json, in reader)}.");
        }

        var prices = new TokenPrices();
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!read.Add(name))
            {
                throw new FormatException($"The price \"{name}\" stands twice: {Place(json, in reader)}.");
            }

            if (!IsPrice(name))
            {
                throw new FormatException($"The price \"{name}\" is unknown: {Place(json, in reader)}. Expected textInput, cachedTextInput, textOutput, audioInput, cachedAudioInput, audioOutput, imageInput or cachedImageInput.");
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.Number)
            {
                throw new FormatException($"The price \"{name}\" is {Kind(reader.TokenType)}; expected a number from 0 to {Highest:0}: {Place(json, in reader)}.");
            }

            if (!reader.TryGetDecimal(out decimal price) || price is < 0 or > Highest)
            {
                throw new FormatException($"The price \"{name}\" is no number from 0 to {Highest:0}: {Place(json, in reader)}.");
            }

            prices = With(prices, name, price);
        }

        reader.Read();
        return prices;
    }

    private static string Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };

    // As the platform counts: lines from 1, bytes in a line from 0.
    private static string Place(ReadOnlySpan<byte> json, in Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> before = json[..(int)reader.TokenStartIndex];
        return $"line {before.Count((byte)'\n') + 1}, byte {before.Length - (before.LastIndexOf((byte)'\n') + 1)}";
    }

    private static bool IsPrice(string name) => name.ToUpperInvariant()
        is "TEXTINPUT" or "CACHEDTEXTINPUT" or "TEXTOUTPUT" or "AUDIOINPUT" or "CACHEDAUDIOINPUT" or "AUDIOOUTPUT" or "IMAGEINPUT" or "CACHEDIMAGEINPUT";

    private static TokenPrices With(TokenPrices prices, string name, decimal price) => name.ToUpperInvariant() switch
    {
        "TEXTINPUT" => prices with { TextInput = price },
        "CACHEDTEXTINPUT" => prices with { CachedTextInput = price },
        "TEXTOUTPUT" => prices with { TextOutput = price },
        "AUDIOINPUT" => prices with { AudioInput = price },
        "CACHEDAUDIOINPUT" => prices with { CachedAudioInput = price },
        "AUDIOOUTPUT" => prices with { AudioOutput = price },
        "IMAGEINPUT" => prices with { ImageInput = price },
        _ => prices with { CachedImageInput = price },
    };

    private static decimal Checked(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Highest);
        return value;
    }

    private static decimal? Checked(decimal? value) => value is { } price ? Checked(price) : null;
}
