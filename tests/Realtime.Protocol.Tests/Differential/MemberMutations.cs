using System.Globalization;
using System.Text;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>What can happen to the members of a message. Some of it stays a right message, written in an unusual way.</summary>
internal static class MemberMutations
{
    private static readonly Action<Random, MessageDraft>[] All =
    [
        static (random, message) => message.Members.RemoveAt(At(random, message)),
        static (random, message) => message.Members.Insert(random.Next(message.Members.Count + 1), message.Members[At(random, message)]),
        static (random, message) => message.Members.Insert(random.Next(message.Members.Count + 1), new(Unknown(random), OddValue(random))),
        static (random, message) => message.Members.Insert(random.Next(message.Members.Count + 1), new("logprobs", """[{"token":"a","logprob":-0.25,"bytes":[97]},{"token":"\u00e9","logprob":-1e-3,"bytes":null}]""")),
        static (_, message) => message.Members.Sort(static (left, right) => (left.Name == "type").CompareTo(right.Name == "type")),
        static (random, message) => Swap(message.Members, At(random, message), At(random, message)),
        static (random, message) => Change(random, message, member => member with { Name = Escaped(random, member.Name) }),
        static (random, message) => Change(random, message, member => member with { Value = OddValue(random) }),
        static (random, message) => Change(random, message, member => member with { Value = "null" }),
        static (random, message) => Change(random, message, member => member with { Value = member.Value[0] == '"' ? $"\"{Escaped(random, member.Value[1..^1])}\"" : OddNumber(random) }),
        static (random, message) => ChangeText(random, message, text => text.Insert(random.Next(text.Length + 1), OddText(random))),
        static (random, message) => ChangeText(random, message, text => text + "="),
        static (random, message) => ChangeText(random, message, static text => text.TrimEnd('=')),
        static (random, message) => ChangeText(random, message, static text => text.Replace('+', '-').Replace('/', '_')),
        static (random, message) => ChangeText(random, message, text => text.Length == 0 ? text : Replace(text, text.TrimEnd('=').Length - 1, Any<char>(random, "ABCgw/9"))),
        static (random, message) => ChangeText(random, message, text => text.Length == 0 ? text : text.Remove(random.Next(text.Length), 1)),
        static (random, message) => ChangeText(random, message, text => text.Length == 0 ? text : Replace(text, random.Next(text.Length), Any<char>(random, " \n-_=!é\0"))),
        static (random, message) => ChangeText(random, message, text => text.Insert(random.Next(text.Length + 1), new string('x', random.Next(200, 1_500)))),
    ];

    public static void Apply(Random random, MessageDraft message)
    {
        if (message.Members.Count > 0)
        {
            All[random.Next(All.Length)](random, message);
        }
    }

    private static T Any<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private static int At(Random random, MessageDraft message) => random.Next(message.Members.Count);

    private static void Swap(List<MemberDraft> members, int left, int right) => (members[left], members[right]) = (members[right], members[left]);

    private static void Change(Random random, MessageDraft message, Func<MemberDraft, MemberDraft> change)
    {
        int at = At(random, message);
        message.Members[at] = change(message.Members[at]);
    }

    private static void ChangeText(Random random, MessageDraft message, Func<string, string> change) =>
        Change(random, message, member => member.Value[0] == '"' ? member with { Value = $"\"{change(member.Value[1..^1])}\"" } : member);

    private static string Replace(string text, int at, char character) => at < 0 ? text : string.Concat(text.AsSpan(0, at), [character], text.AsSpan(at + 1));

    private static string Unknown(Random random) => Any<string>(random, "", "x", "delta_", "Type", "item_idx", "größe", "status", "item");

    private static string OddText(Random random) =>
        Any<string>(random, " ", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\ud83c\\udf0a", "\\ud83c", "\\x", "\\u12", "é", "🌊", "„", "\t", "\u007f", "=");

    private static string OddNumber(Random random) =>
        Any<string>(random, "0", "-0", "1.0", "1e2", "1E+2", "1.5", "00", "01", "-", "+1", "1.", ".5", "123456789", "1234567890", "9223372036854775807", "9223372036854775808", "1e400", "1e-400", "100e-2", "0.10e1", "7");

    private static string OddValue(Random random) => random.Next(5) switch
    {
        0 => OddNumber(random),
        1 => Any<string>(random, "true", "false", "nul", "NaN", "''", "{}", "[]", "[1,2,]", "{\"a\":1,\"a\":2}", "{\"type\":\"x\",\"delta\":\"AAAA\"}"),
        2 => $"\"{OddText(random)}\"",
        3 => string.Concat(Enumerable.Repeat('[', random.Next(1, 70)).Concat(Enumerable.Repeat(']', random.Next(1, 70)))),
        _ => $"\"{new string('y', random.Next(0, 40))}\"",
    };

    /// <summary>Some characters as escapes: the text says the same.</summary>
    private static string Escaped(Random random, string text)
    {
        var escaped = new StringBuilder();
        foreach (char character in text)
        {
            escaped.Append(character is not '\\' && random.Next(8) == 0 ? $"\\u{((int)character).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture)}" : character.ToString());
        }

        return escaped.ToString();
    }
}
