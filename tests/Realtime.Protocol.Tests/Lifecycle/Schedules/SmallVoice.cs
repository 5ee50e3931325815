using System.Text;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>All that the small server says, in order, with ids of which none comes twice; and <see cref="Fault"/>, which it says to nobody: the first thing that the client did and a client may never do.</summary>
internal sealed class SmallVoice(Trouble trouble)
{
    private readonly Queue<byte[]> _messages = new();
    private readonly HashSet<string> _refused = [];
    private int _last;

    public string? Fault { get; private set; }

    public byte[]? Take() => _messages.TryDequeue(out byte[]? message) ? message : null;

    public void Say(string type, string members) => _messages.Enqueue(Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"event_id\":\"event_{++_last}\",{members}}}"));

    public void Refuse(FrameGlance message, string code, string words)
    {
        _refused.Add(message.Item);
        string eventId = trouble.HasFlag(Trouble.IdlessErrors) ? "null" : $"\"{message.EventId}\"";
        Say("error", $"\"error\":{{\"type\":\"invalid_request_error\",\"code\":\"{code}\",\"message\":\"{words}\",\"param\":null,\"event_id\":{eventId}}}");
    }

    /// <summary>Whether an item was refused.</summary>
    public bool HasRefused(string item) => _refused.Contains(item);

    /// <summary>The client did what no client may do; null for nothing.</summary>
    public void Accuse(string? fault) => Fault ??= fault;

    public string New(string kind) => $"{kind}_{++_last}";
}
