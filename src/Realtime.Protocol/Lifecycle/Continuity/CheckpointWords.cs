using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The words of a checkpoint, for its writer and its reader. They are the format: a word that is changed or added needs a new <see cref="Version"/>, because a reader refuses what it does not know.
/// </summary>
internal readonly struct CheckpointWords : IMemberNames
{
    public const int Version = 1;

    private static readonly string[] Members =
    [
        "realtime_checkpoint", "kind", "session", "last_turn", "configuration", "left_out", "usage", "items", "questions",
        "responses", "transcription", "transcribed_ms", "responses_without", "transcripts_without", "input", "cached", "output", "reasoning", "text", "audio", "image",
        "id", "type", "state", "heard", "role", "parts", "cut_ms", "said", "picture", "detail", "call_id", "name", "arguments", "progress", "server", "error", "approved",
        "code", "message", "param", "event_id", "turn", "sent", "request",
    ];

    public static readonly (ItemState Value, string Word)[] States =
        [(ItemState.Pending, "pending"), (ItemState.InProgress, "in_progress"), (ItemState.Completed, "completed"), (ItemState.Incomplete, "incomplete")];

    public static readonly (ItemRole Value, string Word)[] Roles = [(ItemRole.User, "user"), (ItemRole.Assistant, "assistant"), (ItemRole.System, "system")];

    public static readonly (ItemHearing Value, string Word)[] Hearings = [(ItemHearing.Whole, "whole"), (ItemHearing.InPart, "in_part"), (ItemHearing.Nothing, "nothing")];

    public static readonly (CallProgress Value, string Word)[] Progresses = [(CallProgress.Open, "open"), (CallProgress.Begun, "begun"), (CallProgress.Answered, "answered")];

    public static readonly (SessionPurpose Value, string Word)[] Kinds =
        [(SessionPurpose.Conversation, AskedKind.Word(SessionPurpose.Conversation)), (SessionPurpose.Transcription, AskedKind.Word(SessionPurpose.Transcription))];

    public static string Of<T>((T Value, string Word)[] words, T value)
        where T : struct, Enum
    {
        foreach ((T known, string word) in words)
        {
            if (EqualityComparer<T>.Default.Equals(known, value))
            {
                return word;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "This value has no word in a checkpoint.");
    }

    public static bool TryFind<T>((T Value, string Word)[] words, TextView text, out T value)
        where T : struct, Enum
    {
        foreach ((T known, string word) in words)
        {
            if (text.ValueEquals(word))
            {
                value = known;
                return true;
            }
        }

        value = default;
        return false;
    }

    static bool IMemberNames.Contains(ReadOnlySpan<byte> name)
    {
        foreach (string member in Members)
        {
            if (System.Text.Ascii.Equals(name, member))
            {
                return true;
            }
        }

        return false;
    }
}
