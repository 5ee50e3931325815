using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// One turn of the model: from what the user said, over every response and tool round that it takes, to exactly one outcome. Its audio is
/// one stream, its completion one value; nothing of it has to be read for the session to go on.
/// </summary>
[DebuggerDisplay("Turn {Number}")]
public sealed class Turn
{
    private const long NothingReported = -1;

    // Another one once a turn that waited goes on on another connection.
    private MachineGate _gate;
    private readonly long _beganAt;
    private readonly TaskCompletionSource<TurnResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TurnFeed _updates = new();
    private readonly TurnTranscript _transcript = new();
    private readonly List<ToolCall> _toolCalls = [];
    private readonly List<ServerError> _rejectedInput = [];
    private readonly List<string> _responseIds = [];

    private long? _firstTextAt;
    private long? _firstAudioAt;
    private Utterance? _utterance;
    private int _responses;
    private TokenUsage? _usage;
    private long _reported = NothingReported;
    private HeardWhenSilenced? _heard;
    private StrongBox<AudioEncoding> _encoding;

    internal Turn(MachineGate gate, ILogger logger, int number, TurnOrigin origin, bool isOutOfBand, AudioEncoding encoding, long beganAt)
    {
        (_gate, Number, Origin, IsOutOfBand, _beganAt) = (gate, number, origin, isOutOfBand, beganAt);
        _encoding = new(encoding);
        Listener = new TurnListener(logger);
        Stream = new TurnStream(this);
    }

    /// <summary>Counts the turns of a session, from 1.</summary>
    public int Number { get; }

    /// <summary>Who began it: this application, or the server.</summary>
    public TurnOrigin Origin { get; }

    /// <summary>True for a turn beside the conversation (see <see cref="ResponseRequest.OutOfBand"/>): nothing but its own end, <see cref="Cancel"/> or the session's end ends it.</summary>
    public bool IsOutOfBand { get; }

    /// <summary>What the user said that it answers; null for text and bare requests. Of a turn that several requests share (RC-07), what was said last.</summary>
    public Utterance? Utterance
    {
        get => Volatile.Read(ref _utterance);
        internal set => Volatile.Write(ref _utterance, value);
    }

    /// <summary>
    /// The model's voice: raw bytes in <see cref="AudioEncoding"/>, one stream across all responses of the turn. It ends when the turn
    /// ends, whatever the outcome, and at once when the turn is silenced; no further response of a silenced turn follows. One reader. A slow one delays nothing: the bytes wait, up to
    /// <see cref="VoiceSessionOptions.MaxAudioPerResponse"/>; a reader who wants no more completes it, and nothing is kept.
    /// </summary>
    /// <remarks>
    /// What awaits a read goes on at once, on the thread that received the sound, unless its context takes it elsewhere. It may do what it likes there: one that took longer than a millisecond
    /// goes on beside the session the next 16 times (one that does so again and again, up to 4,096 times), and one that holds the thread for 0.1 s always from then on.
    /// </remarks>
    public PipeReader Audio => Stream.Reader;

    /// <summary>How <see cref="Audio"/> is encoded: as the server states it for the response that runs or ran last, and until the first one begins as it was asked.</summary>
    public AudioEncoding AudioEncoding => Volatile.Read(ref _encoding).Value;

    /// <summary>The turn's end. It never fails: an interruption, a refusal and a lost connection are outcomes.</summary>
    public Task<TurnResult> Completion => _completion.Task;

    /// <summary>Cancelled when the model is to fall silent: what was read from <see cref="Audio"/> and not played yet is not to be heard. It can happen after the turn's end, while its audio still plays, and after the loss of its connection by what happens on the next one. A turn that had not ended, ends as <see cref="TurnOutcome.Interrupted"/>, also while its tools run.</summary>
    public CancellationToken Silenced => Listener.Silenced;

    /// <summary>
    /// How much of <see cref="Audio"/> was heard, by the best evidence that there is: what was reported; or else what was taken from it, as an upper bound; or else nothing is known. Once the turn
    /// was silenced it stays as it was, and the conversation is cut there.
    /// </summary>
    public HeardAudio Heard => (Volatile.Read(ref _heard), Volatile.Read(ref _reported), Listener.Taken) switch
    {
        ({ } silenced, _, _) => silenced.Heard,
        (_, not NothingReported and var reported, _) => new(reported, HeardBasis.Reported),
        (_, _, > 0 and var taken) => new(taken, HeardBasis.Read),
        _ => default,
    };

    /// <summary>What happens in the turn, from its beginning on, until it ends. One reader; nothing is lost before it comes: past 4,096 updates that wait, pieces of the transcript grow together.</summary>
    /// <param name="cancellationToken">Stops the enumeration, not the turn.</param>
    public IAsyncEnumerable<TurnUpdate> ReadUpdatesAsync(CancellationToken cancellationToken = default) => _updates.ReadAllAsync(cancellationToken);

    /// <summary>
    /// Says how much of <see cref="Audio"/> the listener has heard: a position in the stream in bytes, not a step. The session turns it into
    /// items, and an interruption cuts the conversation there, or deletes what was not heard at all. A sink that buffers says 0 first: from
    /// then on its reports count, and not what it has read. Turns are played one after the other, so playing one says that those before it
    /// are over. May be called from any thread, as often as the sink likes, also after the turn's end; once the turn was silenced it changes nothing.
    /// </summary>
    /// <param name="bytes">Bytes since the beginning of the stream. Going back has no effect; more than was received counts as all of it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    public void ReportPlayed(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Gate.ReportPlayed(this, bytes);
    }

    /// <summary>Gives this turn up: it is withdrawn when it waits and cancelled when it runs. Nothing happens when it has ended.</summary>
    public void Cancel() => Gate.Cancel(this);

    /// <summary>Number and state; never what was said.</summary>
    public override string ToString() => $"Turn {Number}, {(Completion.IsCompletedSuccessfully ? Completion.Result.ToString() : "running")}";

    // From here on: called by the host, under the session's lock.

    /// <summary>Where it is asked for, or was. Whoever waits for the session's lock asks for it again behind the lock.</summary>
    internal MachineGate Gate => Volatile.Read(ref _gate);

    /// <summary>It waited, and is asked for on another connection.</summary>
    internal void MoveTo(MachineGate gate) => Volatile.Write(ref _gate, gate);

    internal TurnStream Stream { get; }

    internal TurnListener Listener { get; }

    /// <summary>What is told of it to whoever observes the session; null for nobody.</summary>
    internal TurnSignals? Signals { get; set; }

    /// <summary>What its responses may call, where its request says so; null leaves it to the session.</summary>
    internal FunctionTable? OwnFunctions { get; set; }

    /// <summary>What the response that began last may call; null before the first.</summary>
    internal FunctionTable? Functions { get; set; }

    private TimeSpan Elapsed => _gate.Since(_beganAt);

    internal void Take(in ServerEvent e, bool isDropped)
    {
        Signals?.Take(e.Kind);
        switch (e.Kind)
        {
            case ServerEventKind.ResponseOutputAudioDelta when !isDropped && e.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta):
                TakeAudio(delta);
                break;
            case ServerEventKind.ResponseOutputAudioTranscriptDelta when !isDropped && e.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView delta):
                TakeTranscript(Place(delta.ItemId, delta.OutputIndex, delta.ContentIndex), delta.Delta, isWhole: false);
                break;
            case ServerEventKind.ResponseOutputTextDelta when !isDropped && e.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView delta):
                TakeTranscript(Place(delta.ItemId, delta.OutputIndex, delta.ContentIndex), delta.Delta, isWhole: false);
                break;
            case ServerEventKind.ResponseOutputAudioTranscriptDone when !isDropped && e.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView done):
                TakeTranscript(Place(done.ItemId, done.OutputIndex, done.ContentIndex), done.Transcript, isWhole: true);
                break;
            case ServerEventKind.ResponseOutputTextDone when !isDropped && e.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView done):
                TakeTranscript(Place(done.ItemId, done.OutputIndex, done.ContentIndex), done.Text, isWhole: true);
                break;
        }
    }

    internal void StartResponse(string responseId, AudioEncoding encoding)
    {
        _responses++;
        _responseIds.Add(responseId);
        StateEncoding(encoding);
        Tell(new TurnUpdate.ResponseStarted(Elapsed, responseId));
    }

    internal void TakeBackResponse(string responseId)
    {
        _responses--;
        _responseIds.Remove(responseId);
    }

    internal void StateEncoding(AudioEncoding encoding) => Volatile.Write(ref _encoding, new(encoding));

    internal void EndResponse(TokenUsage? usage) => _usage = (_usage, usage) is ({ } sum, { } more) ? sum + more : _usage ?? usage;

    internal void Reject(ServerError error) => _rejectedInput.Add(error);

    internal void StartTool(ToolCall call)
    {
        _toolCalls.Add(call);
        Tell(new TurnUpdate.ToolStarted(Elapsed, call));
    }

    /// <summary>A call of a remote MCP server has ended; its item is its id.</summary>
    internal void FinishMcpCall(string itemId, Exception? failure)
    {
        if (_toolCalls.Find(call => call.Server is not null && call.CallId == itemId) is { } call)
        {
            FinishTool(call, failure);
        }
    }

    internal void Ask(McpApprovalRequest request) => Tell(new TurnUpdate.ApprovalAsked(Elapsed, request));

    internal void FinishTool(ToolCall call, Exception? failure) => Tell(new TurnUpdate.ToolFinished(Elapsed, call, failure));

    internal void Silence(InterruptionReason reason, HeardAudio heard)
    {
        Volatile.Write(ref _heard, new(heard));
        Stream.Silence();
        Tell(new TurnUpdate.Silenced(Elapsed, reason));
    }

    /// <summary>So much was played. True for the report that says of a turn that has ended that it was heard to its end. Under the session's lock.</summary>
    internal bool Play(long bytes)
    {
        long before = _reported;
        long reported = Math.Max(before, Math.Min(bytes, Stream.Bytes));
        Volatile.Write(ref _reported, reported);
        return reported > before && reported == Stream.Bytes && Completion.IsCompleted;
    }

    internal void End(TurnOutcome outcome, Turn? mergedInto)
    {
        Stream.Complete();
        _updates.Complete();
        _completion.TrySetResult(new()
        {
            Outcome = outcome,
            Transcript = _transcript.ToString(),
            AudioBytes = Stream.Bytes,
            Timings = Timings(_gate.Timestamp),
            Responses = _responses,
            ToolCalls = _toolCalls.ToArray(),
            Usage = _usage,
            Items = _gate.ItemsOf(_responseIds),
            RejectedInput = _rejectedInput.ToArray(),
            MergedInto = mergedInto,
        });
    }

    private void TakeAudio(in ResponseOutputAudioDeltaView delta)
    {
        if (_firstAudioAt is null && delta.Delta.DecodedLength > 0)
        {
            _firstAudioAt = _gate.Timestamp;
            Tell(new TurnUpdate.AudioStarted(Elapsed));
        }

        Stream.Write(delta.Delta);
    }

    private void TakeTranscript(in TurnTranscript.Place place, TextView text, bool isWhole)
    {
        if (isWhole ? _transcript.Complete(place, text, out TranscriptPiece piece) : _transcript.Append(place, text, out piece))
        {
            _firstTextAt ??= _gate.Timestamp;
            Tell(new TurnUpdate.TranscriptDelta(Elapsed, piece.Text, piece.ItemId));
        }
    }

    private TurnTranscript.Place Place(TextView itemId, long outputIndex, long contentIndex) =>
        new(_responses, itemId.IsEscaped ? Encoding.UTF8.GetBytes(itemId.ToString()) : itemId.Raw, outputIndex, contentIndex);

    private TurnTimings Timings(long now)
    {
        bool isDetected = Origin is TurnOrigin.ServerTurnDetection;
        long doneAt = isDetected && Utterance is { DoneAt: { } done } ? done : _beganAt;
        return new(
            isDetected && Utterance is { DoneAt: not null, CommittedAt: { } committed } ? _gate.Between(doneAt, committed) : null,
            _firstTextAt is { } text ? _gate.Between(doneAt, text) : null,
            _firstAudioAt is { } audio ? _gate.Between(doneAt, audio) : null,
            _gate.Between(doneAt, now));
    }

    private void Tell(TurnUpdate update) => _updates.Add(update);

    // A class, so that it is read whole from any thread.
    private sealed record HeardWhenSilenced(HeardAudio Heard);
}
