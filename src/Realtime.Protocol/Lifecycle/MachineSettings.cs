using System.Buffers;
using System.Collections.ObjectModel;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What a <see cref="SessionMachine"/> is told once, before the first event. Times are milliseconds of the clock whose readings the machine is given.
/// What the server decides (formats, turn detection) is not a setting: the machine takes it from <c>session.created</c> and <c>session.updated</c>.
/// </summary>
public sealed class MachineSettings
{
    private const int LeastPrefix = 4;
    private const int MostPrefix = 16;

    // As long as a timer of .NET takes. A connection lives for an hour.
    private const long LongestWait = int.MaxValue;

    private static readonly SearchValues<char> PrefixCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>
    /// Makes every event id, item id and token of this session unlike those of any other. The caller brings the randomness: 4 to 16 characters of
    /// <c>[A-Za-z0-9_-]</c>, new for every connection.
    /// </summary>
    public required string IdPrefix { get; init; }

    /// <summary>Where turns and utterances get their numbers. Default: they are counted from 1. Machines of one session share it.</summary>
    public SessionNumbers Numbers { get; init; } = new();

    /// <summary>What the session is for. Default: a conversation.</summary>
    public SessionPurpose Purpose { get; init; }

    /// <summary>The input encoding that the configuration asks for; it holds until the server states one. Default: PCM16 at 24 kHz.</summary>
    public AudioEncoding InputEncoding { get; init; } = AudioEncoding.Pcm16;

    /// <summary>The output encoding that the configuration asks for; it holds until the server states one. Default: PCM16 at 24 kHz.</summary>
    public AudioEncoding OutputEncoding { get; init; } = AudioEncoding.Pcm16;

    /// <summary>What the service can do, as far as that is known before it speaks. Default: nothing is known, and everything is learned.</summary>
    public Capabilities Capabilities { get; init; } = new();

    /// <summary>What a turn does when the model is already answering (TD-09). Default: cancel that answer, then ask.</summary>
    public WhenBusy TurnWhenBusy { get; init; } = WhenBusy.CancelThenCreate;

    /// <summary>Whether creates wait while the server hears the user speak and is going to answer by itself (RC-17). Default: true.</summary>
    public bool HoldWhileUserSpeaks { get; init; } = true;

    /// <summary>How many tool rounds a turn may take before it ends with <see cref="TurnOutcome.ToolRoundLimit"/>. Default: 16, to end a model that keeps calling.</summary>
    public int MaxToolRounds { get; init; } = 16;

    /// <summary>How long a tool may take, in milliseconds (FC-08); then the model is told that it did not answer, and the turn goes on. Default: 60 s.</summary>
    public long ToolTimeout { get; init; } = 60_000;

    /// <summary>The tools that have another time than <see cref="ToolTimeout"/>, by name, in milliseconds. Not changed afterwards.</summary>
    public IReadOnlyDictionary<string, long> ToolTimeouts { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>How long an automatic create waits for the tools of a remote MCP server that was just configured, in milliseconds (MCP-01); then it is sent without them. Default: 5 s.</summary>
    public long McpListTimeout { get; init; } = 5_000;

    /// <summary>How long nothing may be heard of a call of a remote MCP server, in milliseconds, before its turn goes on without it (MCP-02). Default: 300 s.</summary>
    public long McpCallTimeout { get; init; } = 300_000;

    /// <summary>How long the application may take to say whether a remote MCP server may be called, in milliseconds; then the answer is no (MCP-03). Default: 60 s.</summary>
    public long ApprovalTimeout { get; init; } = 60_000;

    /// <summary>The servers that have another time than <see cref="ApprovalTimeout"/>, by label, in milliseconds. Not changed afterwards.</summary>
    public IReadOnlyDictionary<string, long> ApprovalTimeouts { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>The audio one response may bring, in milliseconds (BP-01); at the cap it is cancelled and its turn ends with <see cref="TurnOutcome.AudioOverrun"/>. Default: ten minutes.</summary>
    public long MaxResponseAudioMilliseconds { get; init; } = 600_000;

    /// <summary>How often a create that met another running response is sent again before it counts as rejected (RC-05). Default: 3.</summary>
    public int MaxCreateAttempts { get; init; } = 3;

    /// <summary>
    /// How long the server may take to answer an event. A turn whose <c>response.create</c> stays unanswered ends with <see cref="TurnOutcome.TimedOut"/> (RC-09), an operation with
    /// <see cref="SessionChange.OperationFailed"/>. An operation that has to wait before it is sent may wait <see cref="StuckTimeout"/> longer, counted from when it was asked for. Default: 10 s.
    /// </summary>
    public long AcknowledgementTimeout { get; init; } = 10_000;

    /// <summary>How long the server may take to start the answer it owes after a turn that it detected itself (RC-06). Default: 2 s.</summary>
    public long AutoResponseTimeout { get; init; } = 2_000;

    /// <summary>
    /// How long the user's speech may go on without a sign of life: the server said that it started, and neither it nor the microphone says anything more. Then it counts as over, and
    /// requests that it held back go on (TD-10). Default: 10 s.
    /// </summary>
    public long SpeechTimeout { get; init; } = 10_000;

    /// <summary>Whether the configuration asks for a transcript of what the user says; it holds until the server states it. Default: false.</summary>
    public bool TranscribesInput { get; init; }

    /// <summary>How long nothing may be heard of the transcript of an utterance; then it counts as not transcribed (TX-03). Default: 60 s.</summary>
    public long TranscriptTimeout { get; init; } = 60_000;

    /// <summary>How long a running response may stay silent before it is probed with a cancel (RC-11). Default: 30 s.</summary>
    public long StuckTimeout { get; init; } = 30_000;

    /// <summary>How long a cancel may stay unanswered (RC-11). Then its response counts as ended, or, if nothing at all was heard on the connection since, the connection counts as dead. Default: 5 s.</summary>
    public long CancelTimeout { get; init; } = 5_000;

    /// <summary>
    /// How many items, responses and calls are remembered, of each: more than any session of an hour has. Beyond it the oldest is forgotten, so that no server can fill the memory.
    /// Tests that fill it take fewer.
    /// </summary>
    internal int Remembered { get; init; } = ItemTable.MaxItems;

    /// <summary>Every id has to be writable, and every deadline a number that the clock can reach.</summary>
    /// <exception cref="ArgumentException">One is not; the message names the setting.</exception>
    internal void ThrowIfUnusable()
    {
        if (IdPrefix is not { Length: >= LeastPrefix and <= MostPrefix } || IdPrefix.AsSpan().ContainsAnyExcept(PrefixCharacters))
        {
            throw new ArgumentException($"{nameof(IdPrefix)} has to be {LeastPrefix} to {MostPrefix} letters, digits, _ and -.", nameof(IdPrefix));
        }

        ThrowIfUnreachable(ToolTimeout, nameof(ToolTimeout));
        ThrowIfUnreachable(McpListTimeout, nameof(McpListTimeout));
        ThrowIfUnreachable(McpCallTimeout, nameof(McpCallTimeout));
        ThrowIfUnreachable(ApprovalTimeout, nameof(ApprovalTimeout));
        ThrowIfUnreachable(AcknowledgementTimeout, nameof(AcknowledgementTimeout));
        ThrowIfUnreachable(AutoResponseTimeout, nameof(AutoResponseTimeout));
        ThrowIfUnreachable(SpeechTimeout, nameof(SpeechTimeout));
        ThrowIfUnreachable(TranscriptTimeout, nameof(TranscriptTimeout));
        ThrowIfUnreachable(StuckTimeout, nameof(StuckTimeout));
        ThrowIfUnreachable(CancelTimeout, nameof(CancelTimeout));
        ThrowIfUnreachable(ToolTimeouts, nameof(ToolTimeouts));
        ThrowIfUnreachable(ApprovalTimeouts, nameof(ApprovalTimeouts));
    }

    /// <exception cref="ArgumentOutOfRangeException">One of the times is negative, or longer than any clock reaches.</exception>
    internal static void ThrowIfUnreachable(IReadOnlyDictionary<string, long> waits, string name)
    {
        foreach (long wait in waits.Values)
        {
            ThrowIfUnreachable(wait, name);
        }
    }

    private static void ThrowIfUnreachable(long wait, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wait, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wait, LongestWait, name);
    }
}
