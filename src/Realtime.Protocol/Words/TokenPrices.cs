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
    /// <exception cref="FormatException">It is no JSON object, or has a member that is no price: the message names it. A price is a number from 0 to <see cref="Highest"/> and stands once.</exception>
    public static TokenPrices Parse(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json.StartsWith("\uFEFF"u8) ? utf8Json[3..] : utf8Json);
        try
        {
            return Read(ref reader);
        }
        catch (JsonException broken)
        {
            throw new FormatException($"The prices are no JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}.", broken);
        }
    }

    private static TokenPrices Read(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException($"The prices are a JSON {reader.TokenType}; expected an object.");
        }

        var prices = new TokenPrices();
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!read.Add(name))
            {
                throw new FormatException($"The price \"{name}\" stands twice.");
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out decimal price) || price is < 0 or > Highest)
            {
                throw new FormatException($"The price \"{name}\" is no number from 0 to {Highest:0}.");
            }

            prices = With(prices, name, price);
        }

        reader.Read();
        return prices;
    }

    private static TokenPrices With(TokenPrices prices, string name, decimal price) => name.ToUpperInvariant() switch
    {
        "TEXTINPUT" => prices with { TextInput = price },
        "CACHEDTEXTINPUT" => prices with { CachedTextInput = price },
        "TEXTOUTPUT" => prices with { TextOutput = price },
        "AUDIOINPUT" => prices with { AudioInput = price },
        "CACHEDAUDIOINPUT" => prices with { CachedAudioInput = price },
        "AUDIOOUTPUT" => prices with { AudioOutput = price },
        "IMAGEINPUT" => prices with { ImageInput = price },
        "CACHEDIMAGEINPUT" => prices with { CachedImageInput = price },
        _ => throw new FormatException(
            $"The price \"{name}\" is unknown; expected textInput, cachedTextInput, textOutput, audioInput, cachedAudioInput, audioOutput, imageInput or cachedImageInput."),
    };

    private static decimal Checked(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Highest);
        return value;
    }

    private static decimal? Checked(decimal? value) => value is { } price ? Checked(price) : null;
}
