using System.Globalization;
using System.Text;

namespace Realtime.Protocol.Testing;

/// <summary>Who said something.</summary>
public enum Speaker
{
    /// <summary>The client.</summary>
    Client,

    /// <summary>The server.</summary>
    Server,
}

/// <summary>One message of a session.</summary>
/// <param name="Speaker">Who said it.</param>
/// <param name="Type">Its wire type; empty when it could not be read.</param>
/// <param name="Json">The message as it was on the wire.</param>
/// <param name="At">In milliseconds from the beginning of the session.</param>
public sealed record TranscriptLine(Speaker Speaker, string Type, string Json, long At)
{
    /// <summary>Who, when and what type; what was said is private.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At,6} ms {(Speaker == Speaker.Client ? "→" : "←")} {Type}");
}

/// <summary>
/// Everything that was said in one session, in order, by both sides: what a test looks at afterwards. It keeps whole messages, audio
/// included, so it is for sessions of a test's length. Any thread may add and read.
/// </summary>
public sealed class Transcript
{
    private readonly Lock _gate = new();
    private readonly List<TranscriptLine> _lines = [];

    /// <summary>A copy of what was said so far.</summary>
    public IReadOnlyList<TranscriptLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The wire types of what the server said so far, in order.</summary>
    public IReadOnlyList<string> ServerTypes => [.. Lines.Where(static line => line.Speaker == Speaker.Server).Select(static line => line.Type)];

    /// <summary>The wire types of what the client said so far, in order.</summary>
    public IReadOnlyList<string> ClientTypes => [.. Lines.Where(static line => line.Speaker == Speaker.Client).Select(static line => line.Type)];

    /// <summary>Adds a message; it is copied.</summary>
    /// <param name="at">In milliseconds from the beginning of the session.</param>
    public void Add(Speaker speaker, ReadOnlySpan<byte> message, long at)
    {
        string type = Wire.EventHeader.TryFindType(message, out Wire.Slot name, out _) ? new TextView(message, name).ToString() : "";
        var line = new TranscriptLine(speaker, type, Encoding.UTF8.GetString(message), at);
        lock (_gate)
        {
            _lines.Add(line);
        }
    }

    /// <summary>One line a message: when, who and what type. What was said is left out.</summary>
    public override string ToString() => string.Join('\n', Lines);
}
