using System.Text;
using System.Text.RegularExpressions;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>What can happen inside the nested values of a message: tokens where none belong, some missing, a type behind what it decides.</summary>
internal static partial class NestedMutations
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", "\"", "\\", ",", ":", "null", "00", "-0", "1e2", "\\u0041", "\\ud800", "\\\"", "é", "\"a\":{}", "\"a\":[1,],",
        "\"id\":5,", "\"type\":\"message\",", "\"type\":\"x\",", "\"type\":5,", "\"type\":null,",
    ];

    public static byte[] Apply(Random random, byte[] message)
    {
        string text = Encoding.UTF8.GetString(message);
        for (int mutations = random.Next(1, 4); mutations > 0 && text.Length > 1; mutations--)
        {
            int at = random.Next(1, text.Length);
            text = random.Next(3) switch
            {
                0 => text.Insert(at, Tokens[random.Next(Tokens.Length)]),
                1 => text.Remove(at, Math.Min(random.Next(1, 3), text.Length - at)),
                _ => WithLateType(random, text),
            };
        }

        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>One of the types moves to the end of its object.</summary>
    private static string WithLateType(Random random, string text)
    {
        MatchCollection types = TypeMember().Matches(text);
        if (types.Count == 0)
        {
            return text;
        }

        Match type = types[random.Next(types.Count)];
        int depth = 0;
        bool inString = false;
        for (int i = type.Index + type.Length; i < text.Length; i++)
        {
            inString ^= text[i] == '"' && text[i - 1] != '\\';
            depth += inString ? 0 : text[i] is '{' or '[' ? 1 : text[i] is '}' or ']' ? -1 : 0;
            if (depth < 0)
            {
                return text.Insert(i, "," + type.Value.TrimEnd(',')).Remove(type.Index, type.Length);
            }
        }

        return text;
    }

    [GeneratedRegex("\"type\":\"[^\"]*\",")]
    private static partial Regex TypeMember();
}
