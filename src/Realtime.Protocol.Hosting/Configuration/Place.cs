using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// One key of the configuration while it is read, and the list of all that is wrong. No sentence repeats a value: what stands in the wrong place may be a key or a token. Null says nothing, so the key counts
/// as left out; JSON's <c>{}</c> arrives as null as well.
/// </summary>
internal sealed class Place(IConfigurationSection section, List<string> wrong)
{
    public string Path => section.Path;

    public string Name => section.Key;

    /// <summary>What the key itself says; null where it is left out or has keys only.</summary>
    public string? Value => section.Value;

    public IReadOnlyList<Place> Children { get; } = [.. section.GetChildren().Select(child => new Place(child, wrong))];

    /// <summary>Whether it says anything at all.</summary>
    public bool IsStated => Value is not null || Children.Count > 0;

    public void Wrong(string why) => wrong.Add($"{Path} {why}");

    /// <summary>The value, where it is one. False where it is left out, or is told to be wrong.</summary>
    public bool TryText(string takes, out string text, bool mayBeEmpty = false)
    {
        text = Value ?? "";
        if (Children.Count > 0)
        {
            Wrong($"takes {takes}, not keys of its own.");
            return false;
        }

        if (Value is null)
        {
            return false;
        }

        if (text.Length == 0 && !mayBeEmpty)
        {
            Wrong($"is empty. It takes {takes}.");
            return false;
        }

        return true;
    }

    public bool TryFlag(string takes, out bool flag)
    {
        flag = false;
        return TryText(takes, out string text) && (bool.TryParse(text, out flag) || IsNone(takes));
    }

    public bool TryWhole(string takes, out long number)
    {
        number = 0;
        return TryText(takes, out string text) && (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) || IsNone(takes));
    }

    public bool TryNumber(string takes, out double number)
    {
        number = 0;
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return TryText(takes, out string text) && ((double.TryParse(text, Plain, CultureInfo.InvariantCulture, out number) && double.IsFinite(number)) || IsNone(takes));
    }

    public bool TryTime(string takes, out TimeSpan time)
    {
        time = default;
        return TryText(takes, out string text) && (WrittenTime.TryParse(text, out time) || IsNone(takes));
    }

    /// <summary>Says that the value is of another kind; false.</summary>
    public bool IsNone(string takes)
    {
        Wrong($"is not what it takes: {takes}.");
        return false;
    }
}
