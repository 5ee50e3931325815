namespace Realtime.Protocol.Gateway;

/// <summary>What one message of the caller's side means, whatever the protocol. Valid until the next message is taken.</summary>
internal readonly struct CallerSays
{
    private CallerSays(CallerWord word, ReadOnlyMemory<byte> audio = default, int turn = 0, long bytes = 0, char digit = default, CallEnd? end = null, CallIntroduction? introduction = null) =>
        (Word, Audio, Turn, Bytes, Digit, End, Introduction) = (word, audio, turn, bytes, digit, end, introduction);

    public CallerWord Word { get; }

    /// <summary>Of <see cref="CallerWord.Audio"/>: in <see cref="ICallProtocol.Encoding"/>.</summary>
    public ReadOnlyMemory<byte> Audio { get; }

    /// <summary>Of <see cref="CallerWord.Played"/>: which turn was heard.</summary>
    public int Turn { get; }

    /// <summary>Of <see cref="CallerWord.Played"/>: how far, in bytes that were sent of this turn.</summary>
    public long Bytes { get; }

    public char Digit { get; }

    public CallEnd? End { get; }

    public CallIntroduction? Introduction { get; }

    /// <summary>Nothing that matters: a greeting, an echo of what is over.</summary>
    public static CallerSays Nothing => default;

    public static CallerSays Introduced(CallIntroduction who) => new(CallerWord.Introduction, introduction: who);

    public static CallerSays Spoke(ReadOnlyMemory<byte> audio) => new(CallerWord.Audio, audio);

    public static CallerSays Played(int turn, long bytes) => new(CallerWord.Played, turn: turn, bytes: bytes);

    public static CallerSays Pressed(char digit) => new(CallerWord.Digit, digit: digit);

    public static CallerSays Ended(CallEnd end) => new(CallerWord.End, end: end);

    public static CallerSays Bad(string what) => Ended(CallEnd.BadFrame(what));
}

/// <summary>The words that a caller's side has.</summary>
internal enum CallerWord
{
    Nothing,
    Introduction,
    Audio,
    Played,
    Digit,
    End,
}

/// <summary>Which call it is, once the caller's side has said so.</summary>
/// <param name="Id">The call's name, for the journal and the log.</param>
/// <param name="StreamId">Twilio's stream; null elsewhere.</param>
/// <param name="Parameters">What came along.</param>
internal sealed record CallIntroduction(string Id, string? StreamId, IReadOnlyDictionary<string, string> Parameters);
