namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>
/// A client's event as it is remembered until its answer: who it was, and how things stood when it was said, because that is what a refusal is explained with. It keeps
/// names and numbers, nothing that was said.
/// </summary>
internal sealed record Asked(long Number, string Type, string? EventId, double? At)
{
    /// <summary>The response, item, call or request that it names.</summary>
    public string? Target { get; init; }

    /// <summary>It could not be read: all that is wrong with it was told when it was said.</summary>
    public bool IsUnread { get; init; }

    /// <summary>The name of the beta that an update uses; null when it uses none.</summary>
    public string? BetaName { get; init; }

    /// <summary>The rule that it seems to break, by its name; a refusal makes it certain.</summary>
    public string? Suspicion { get; init; }

    /// <summary>What is said then.</summary>
    public string SuspicionSays { get; init; } = "";

    /// <summary>A response that is made beside the conversation.</summary>
    public bool IsOutOfBand { get; init; }

    /// <summary>The conversation's response that was being made.</summary>
    public SeenResponse? Active { get; init; }

    /// <summary>The conversation's response that was done last.</summary>
    public SeenResponse? Last { get; init; }

    /// <summary>An event of the same kind that was said before and explains why this one is wrong.</summary>
    public Asked? Earlier { get; init; }

    /// <summary>Whether the server was about to answer by itself, and since when.</summary>
    public bool IsInServerWindow { get; init; }

    /// <summary>Since when; see <see cref="IsInServerWindow"/>.</summary>
    public double? WindowSince { get; init; }

    /// <summary>When the speech began that the server was about to answer.</summary>
    public double? SpeechSince { get; init; }

    /// <summary><c>audio_end_ms</c>.</summary>
    public long? AudioEndMs { get; init; }

    /// <summary>The format of the sound that an update asks for; null when it asks for none.</summary>
    public SoundFormat? InputFormat { get; init; }

    /// <summary>What an update asks of turn detection; null when it says nothing of it.</summary>
    public bool? TurnDetection { get; init; }

    /// <summary>The server has answered it, or refused it.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The server has refused it.</summary>
    public bool IsRefused { get; set; }
}
