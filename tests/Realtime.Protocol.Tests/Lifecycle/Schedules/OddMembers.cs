using System.Text;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>What imperfect servers do to members that nothing needs, as seen in public reports: a fraction for a whole number, null or nothing for an index, an object for a text.</summary>
internal static class OddMembers
{
    private static readonly (string Sound, string Odd)[] Habits =
    [
        ("\"usage\":null", "\"usage\":{\"total_tokens\":10.5}"),
        ("\"output_index\":0,", "\"output_index\":null,"),
        (",\"content_index\":0", ""),
        ("\"audio_start_ms\":", "\"audio_start_ms\":0.5,\"audio_start\":"),
        ("\"output\":[]", "\"output\":[{\"id\":\"x\",\"type\":\"mcp_call\",\"name\":5}]"),
        ("\"param\":null", "\"param\":7"),
        ("\"content\":[]", "\"content\":[{\"type\":5}]"),
        ("\"type\":\"invalid_request_error\",", ""),
        ("\"name\":\"clock\",\"call_id\"", "\"name\":\"clock\",\"object\":{},\"call_id\""),
    ];

    /// <summary>The message with one oddity, if one applies to it.</summary>
    public static byte[] In(byte[] message, Tape tape)
    {
        (string sound, string odd) = Habits[tape.Next(Habits.Length)];
        string json = Encoding.UTF8.GetString(message);
        return json.Contains(sound, StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(json.Replace(sound, odd, StringComparison.Ordinal)) : message;
    }
}
