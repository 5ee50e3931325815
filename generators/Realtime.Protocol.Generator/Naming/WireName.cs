using System.Text;

namespace Realtime.Protocol.Generator.Naming;

/// <summary>The only naming code: from names on the wire to names in C#.</summary>
internal static class WireName
{
    /// <summary>
    /// <c>response.output_audio.delta</c> becomes <c>ResponseOutputAudioDelta</c>: every character that no identifier can
    /// hold ends a word. A name that would start with a digit gets an underscore.
    /// </summary>
    public static string ToPascalCase(string wireName)
    {
        var name = new StringBuilder(wireName.Length);
        bool startsWord = true;
        foreach (char character in wireName)
        {
            if (!IsLetterOrDigit(character))
            {
                startsWord = true;
                continue;
            }

            name.Append(startsWord ? char.ToUpperInvariant(character) : character);
            startsWord = false;
        }

        if (name.Length == 0 || name[0] is >= '0' and <= '9')
        {
            name.Insert(0, '_');
        }

        return name.ToString();
    }

    /// <summary>True for what C# takes as an identifier in PascalCase, as <c>x-name</c> must be.</summary>
    public static bool IsPascalCase(string name)
    {
        if (name.Length == 0 || name[0] is < 'A' or > 'Z')
        {
            return false;
        }

        foreach (char character in name)
        {
            if (!IsLetterOrDigit(character))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLetterOrDigit(char character) =>
        character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
