namespace Realtime.Protocol.Benchmarks.Peers.Classes;

/// <summary>A response, as a plain class, with the objects inside it.</summary>
public sealed class ResponseClass
{
    public string? Object { get; set; }

    public string? Id { get; set; }

    public string? Status { get; set; }

    public StatusDetailsClass? StatusDetails { get; set; }

    public ItemClass[] Output { get; set; } = [];

    public string? ConversationId { get; set; }

    public string[] OutputModalities { get; set; } = [];

    public string? MaxOutputTokens { get; set; }

    public AudioClass? Audio { get; set; }

    public UsageClass? Usage { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }
}

public sealed class StatusDetailsClass
{
    public string? Type { get; set; }

    public string? Reason { get; set; }
}

public sealed class ItemClass
{
    public string? Id { get; set; }

    public string? Object { get; set; }

    public string? Type { get; set; }

    public string? Status { get; set; }

    public string? Role { get; set; }

    public ContentPartClass[] Content { get; set; } = [];
}

public sealed class ContentPartClass
{
    public string? Type { get; set; }

    public string? Text { get; set; }

    public string? Transcript { get; set; }
}

public sealed class AudioClass
{
    public InputClass? Input { get; set; }

    public OutputClass? Output { get; set; }
}

public sealed class InputClass
{
    public FormatClass? Format { get; set; }

    public TurnDetectionClass? TurnDetection { get; set; }
}

public sealed class OutputClass
{
    public FormatClass? Format { get; set; }

    public string? Voice { get; set; }

    public double Speed { get; set; }
}

public sealed class FormatClass
{
    public string? Type { get; set; }

    public long Rate { get; set; }
}

public sealed class TurnDetectionClass
{
    public string? Type { get; set; }

    public double Threshold { get; set; }

    public long PrefixPaddingMs { get; set; }

    public long SilenceDurationMs { get; set; }

    public long? IdleTimeoutMs { get; set; }

    public bool CreateResponse { get; set; }

    public bool InterruptResponse { get; set; }
}

public sealed class UsageClass
{
    public string? Type { get; set; }

    public long TotalTokens { get; set; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }

    public TokenDetailsClass? InputTokenDetails { get; set; }

    public TokenDetailsClass? OutputTokenDetails { get; set; }
}

public sealed class TokenDetailsClass
{
    public long TextTokens { get; set; }

    public long AudioTokens { get; set; }

    public long ImageTokens { get; set; }

    public long CachedTokens { get; set; }

    public TokenDetailsClass? CachedTokensDetails { get; set; }
}

public sealed class RateLimitClass
{
    public string? Name { get; set; }

    public long Limit { get; set; }

    public long Remaining { get; set; }

    public double ResetSeconds { get; set; }
}

public sealed class SessionClass
{
    public string? Type { get; set; }

    public string? Object { get; set; }

    public string? Id { get; set; }

    public string? Model { get; set; }

    public string[] OutputModalities { get; set; } = [];

    public string? Instructions { get; set; }

    public string? ToolChoice { get; set; }

    public string? MaxOutputTokens { get; set; }

    public string? Truncation { get; set; }

    public long ExpiresAt { get; set; }

    public AudioClass? Audio { get; set; }
}
