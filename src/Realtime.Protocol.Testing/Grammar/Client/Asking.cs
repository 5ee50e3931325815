namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>
/// What the client asked lately, and whom a refusal is about: the event that it names, or, when the client gave its event no id, the one that it can be about.
/// </summary>
internal sealed class Asking
{
    // A service answers within a few events; an append is never answered and would push out what is.
    private const int Most = 256;
    private const int MostSounds = 32;

    // What a code that names no event can only be about.
    private static readonly (string Code, string Type)[] Codes =
    [
        ("conversation_already_has_active_response", "response.create"),
        ("response_cancel_not_active", "response.cancel"),
        ("item_truncate_invalid_item_id", "conversation.item.truncate"),
        ("unsupported_content_type", "conversation.item.truncate"),
        ("item_delete_invalid_item_id", "conversation.item.delete"),
        ("item_retrieve_invalid_item_id", "conversation.item.retrieve"),
        ("item_create_invalid_previous_item_id", "conversation.item.create"),
        ("item_create_duplicate_item_id", "conversation.item.create"),
        ("invalid_tool_call_id", "conversation.item.create"),
        ("input_audio_buffer_commit_empty", "input_audio_buffer.commit"),
        ("cannot_update_voice", "session.update"),
    ];

    // Which events the member at fault belongs to.
    private static readonly (string Member, string Type)[] Members =
    [
        ("session", "session.update"),
        ("response", "response.create"),
        ("item", "conversation.item.create"),
        ("audio_end_ms", "conversation.item.truncate"),
        ("audio", "input_audio_buffer.append"),
    ];

    private readonly LinkedList<Asked> _events = [];

    // The last pieces of sound, in a ring; each becomes an event of its own only when a refusal asks for it.
    private Sound[] _sounds = [];
    private int _soundCount;
    private int _oldestSound;

    public void Add(in SaidSound sound) => Add(new Sound { Number = sound.Number, EventId = sound.EventId, At = sound.At ?? double.NaN, Suspicion = sound.Suspicion });

    public void Add(Asked asked)
    {
        if (asked.Type.EndsWith(SaidSound.Type, StringComparison.Ordinal))
        {
            Add(new Sound { Made = asked });
            return;
        }

        _events.AddLast(asked);
        if (_events.Count > Most)
        {
            _events.RemoveFirst();
        }
    }

    /// <summary>The server answered: the oldest of its kind is done.</summary>
    public void Heard(string type)
    {
        string? answered = type switch
        {
            "conversation.item.truncated" => "conversation.item.truncate",
            "conversation.item.deleted" => "conversation.item.delete",
            "conversation.item.retrieved" => "conversation.item.retrieve",
            _ => null,
        };
        if (answered is not null && _events.FirstOrDefault(asked => asked.Type == answered && !asked.IsAnswered) is { } oldest)
        {
            oldest.IsAnswered = true;
        }
    }

    /// <summary>The event that an error is about; null when nobody can tell.</summary>
    public Asked? Find(in HeardError error)
    {
        if (error.EventId is { } id)
        {
            return Newest(asked => asked.EventId == id);
        }

        string? type = TypeOf(error);
        return type is not null ? Newest(asked => asked.EventId is null && !asked.IsAnswered && asked.Type == type) : Newest(static asked => asked.EventId is null && !asked.IsAnswered);
    }

    private static string? TypeOf(HeardError error)
    {
        if (Array.Find(Codes, row => row.Code == error.Code).Type is { } byCode)
        {
            return byCode;
        }

        if (error.Message.Contains("already shorter", StringComparison.Ordinal))
        {
            return "conversation.item.truncate";
        }

        string? member = error.Param?.Split('.', '[')[0];
        return Array.Find(Members, row => row.Member == member).Type;
    }

    private Asked? Newest(Func<Asked, bool> isIt)
    {
        Asked? newest = NewestSound(isIt);
        for (LinkedListNode<Asked>? node = _events.Last; node is not null; node = node.Previous)
        {
            if (isIt(node.Value))
            {
                return newest is null || newest.Number < node.Value.Number ? node.Value : newest;
            }
        }

        return newest;
    }

    private Asked? NewestSound(Func<Asked, bool> isIt)
    {
        for (int back = 1; back <= _soundCount; back++)
        {
            Asked sound = _sounds[(_oldestSound + _soundCount - back) % _sounds.Length].Event;
            if (isIt(sound))
            {
                return sound;
            }
        }

        return null;
    }

    private void Add(in Sound sound)
    {
        if (_soundCount == _sounds.Length && _soundCount < MostSounds)
        {
            // It never wraps around before it is as large as it gets.
            Array.Resize(ref _sounds, Math.Max(4, 2 * _soundCount));
        }

        if (_soundCount < MostSounds)
        {
            _sounds[_soundCount++] = sound;
            return;
        }

        _sounds[_oldestSound] = sound;
        _oldestSound = (_oldestSound + 1) % MostSounds;
    }

    private struct Sound
    {
        public long Number;
        public string? EventId;
        public double At;
        public string? Suspicion;
        public Asked? Made;

        /// <summary>The event; the same one whenever it is asked for.</summary>
        public Asked Event => Made ??= new(Number, SaidSound.Type, EventId, double.IsNaN(At) ? null : At) { Suspicion = Suspicion };
    }
}
