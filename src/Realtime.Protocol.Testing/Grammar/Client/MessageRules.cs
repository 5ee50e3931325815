using System.Globalization;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>What is no message at all, so that nothing else can be said of it.</summary>
internal static class MessageRules
{
    /// <summary>The client sent something that cannot be read.</summary>
    public static void Unreadable(Verdicts verdicts, Asked asked, bool isTwice, JsonException? why)
    {
        if (isTwice)
        {
            verdicts.Broke("message-twice-member", asked, "A member occurs twice in one object.");
        }
        else
        {
            string where = why is { BytePositionInLine: { } position } ? string.Create(CultureInfo.InvariantCulture, $"Line {why.LineNumber + 1}, byte {position}: ") : "";
            verdicts.Broke("message-not-json", asked, $"{where}this is not JSON.");
        }
    }
}
