using System.Text;

namespace Realtime.Protocol.CommandLine.Log;

/// <summary>
/// A credential, kept to take it out of what is shown. It has no text form of its own. One of less than eight characters protects nothing, and taking it out would only
/// riddle the log with holes.
/// </summary>
internal sealed class Secret(string? value)
{
    private const int LeastCharacters = 8;

    private readonly byte[] _value = value is { Length: >= LeastCharacters } ? Encoding.UTF8.GetBytes(value) : [];

    /// <summary>The message with <c>(key)</c> in place of every occurrence; the message itself when there is none.</summary>
    public ReadOnlySpan<byte> Hide(ReadOnlySpan<byte> message)
    {
        int at = _value.Length == 0 ? -1 : message.IndexOf(_value);
        if (at < 0)
        {
            return message;
        }

        var hidden = new List<byte>(message.Length);
        for (; at >= 0; at = message.IndexOf(_value))
        {
            hidden.AddRange(message[..at]);
            hidden.AddRange("(key)"u8);
            message = message[(at + _value.Length)..];
        }

        hidden.AddRange(message);
        return hidden.ToArray();
    }

    /// <summary>The line with <c>(key)</c> in place of every occurrence.</summary>
    public string Hide(string line) => Encoding.UTF8.GetString(Hide(Encoding.UTF8.GetBytes(line)));
}
