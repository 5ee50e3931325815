namespace Realtime.Protocol.Benchmarks.Peers.Classes;

/// <summary>
/// The events of a session as the plain classes that one writes for a serializer. System.Text.Json and Newtonsoft.Json
/// read the same ones; names are in snake case on the wire.
/// </summary>
public class ServerEventClass
{
    public string Type { get; set; } = "";

    public string EventId { get; set; } = "";
}

public abstract class ContentEventClass : ServerEventClass
{
    public string ResponseId { get; set; } = "";

    public string ItemId { get; set; } = "";

    public long OutputIndex { get; set; }

    public long ContentIndex { get; set; }
}

public sealed class AudioDeltaEvent : ContentEventClass
{
    public byte[] Delta { get; set; } = [];
}

public sealed class TextDeltaEvent : ContentEventClass
{
    public string Delta { get; set; } = "";

    public string? Obfuscation { get; set; }
}

public sealed class ContentDoneEvent : ContentEventClass
{
    public string? Transcript { get; set; }
}

public sealed class ContentPartEvent : ContentEventClass
{
    public ContentPartClass Part { get; set; } = new();
}

public sealed class ResponseEvent : ServerEventClass
{
    public ResponseClass Response { get; set; } = new();
}

public sealed class OutputItemEvent : ServerEventClass
{
    public string ResponseId { get; set; } = "";

    public long OutputIndex { get; set; }

    public ItemClass Item { get; set; } = new();
}

public sealed class ConversationItemEvent : ServerEventClass
{
    public string? PreviousItemId { get; set; }

    public ItemClass Item { get; set; } = new();
}

public sealed class InputEvent : ServerEventClass
{
    public string ItemId { get; set; } = "";

    public string? PreviousItemId { get; set; }

    public long AudioStartMs { get; set; }

    public long AudioEndMs { get; set; }
}

public sealed class InputTranscriptionEvent : ServerEventClass
{
    public string ItemId { get; set; } = "";

    public long ContentIndex { get; set; }

    public string? Delta { get; set; }

    public string? Transcript { get; set; }

    public string? Obfuscation { get; set; }

    public UsageClass? Usage { get; set; }
}

public sealed class RateLimitsEvent : ServerEventClass
{
    public RateLimitClass[] RateLimits { get; set; } = [];
}

public sealed class SessionEvent : ServerEventClass
{
    public SessionClass Session { get; set; } = new();
}
