namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>A response, as both sides know it.</summary>
internal sealed class SeenResponse(string id, bool inConversation, double? createdAt)
{
    public string Id => id;

    /// <summary>False when it is made out of band.</summary>
    public bool InConversation => inConversation;

    public double? CreatedAt => createdAt;

    /// <summary>Whether a client's event asked for it.</summary>
    public bool IsByClient { get; init; }

    public bool IsDone { get; set; }

    public double? DoneAt { get; set; }

    public string Status { get; set; } = "in_progress";

    /// <summary>Why it was cancelled or ended early, as the server put it.</summary>
    public string? Reason { get; set; }

    /// <summary>True when the server ended it because the user began to speak.</summary>
    public bool WasInterrupted => IsDone && Reason == "turn_detected";

    public List<SeenItem> Items { get; } = [];

    /// <summary>A rule about its calls was told; it is told once.</summary>
    public bool CallsWereTold { get; set; }

    public IEnumerable<SeenItem> Calls => Items.Where(static item => item.CallId is not null);
}

/// <summary>An item, as both sides know it.</summary>
internal sealed class SeenItem(string id)
{
    public string Id => id;

    public string? Type { get; set; }

    public string? Role { get; set; }

    public SeenResponse? Response { get; set; }

    public bool IsDone { get; set; }

    public string? Status { get; set; }

    /// <summary>How much of the model's sound has come, in bytes.</summary>
    public long AudioBytes { get; set; }

    /// <summary>The format that <see cref="AudioBytes"/> count.</summary>
    public SoundFormat Format { get; set; }

    /// <summary>When its sound can have begun to play: when the first of it came, or when what came before it was over.</summary>
    public double? PlaysFrom { get; set; }

    /// <summary>When all of the sound that came can have been heard, at the earliest.</summary>
    public double? HeardAt => PlaysFrom + AudioMs;

    /// <summary>The client's last truncation that was not refused.</summary>
    public Asked? Truncation { get; set; }

    /// <summary>The client's deletion that was not refused.</summary>
    public Asked? Deletion { get; set; }

    public bool IsDeleted { get; set; }

    public double? DeletedAt { get; set; }

    /// <summary>The client's retrieve that is not answered.</summary>
    public Asked? Retrieve { get; set; }

    public string? CallId { get; set; }

    public string? CallName { get; set; }

    /// <summary>The <c>call_id</c> of the call that this item, an output, answers.</summary>
    public string? AnsweredCall { get; set; }

    /// <summary>The output that the client gave to this call.</summary>
    public Asked? Output { get; set; }

    public bool IsModelAudio => Type == "message" && Role == "assistant";

    public long AudioMs => AudioBytes / Format.BytesPerMs;
}

/// <summary>A format of sound on the wire.</summary>
internal readonly record struct SoundFormat(string Name, int Rate)
{
    public static SoundFormat Pcm { get; } = new("audio/pcm", 24_000);

    public bool IsPcm => Name is not ("audio/pcmu" or "audio/pcma" or "g711_ulaw" or "g711_alaw");

    public int BytesPerMs => IsPcm ? Math.Max(1, Rate * 2 / 1000) : 8;

    public static SoundFormat Of(string? name, long? rate) => name is null ? Pcm : new(name, rate is > 0 and <= 192_000 ? (int)rate : 24_000);
}
