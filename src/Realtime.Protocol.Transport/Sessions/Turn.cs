using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// One turn of the model: from what the user said, over every response and tool round that it takes, to exactly one outcome. Its audio is
/// one stream, its completion one value; nothing of it has to be read for the session to go on.
/// </summary>
[DebuggerDisplay("Turn {Number}")]
public sealed class Turn
{
    private readonly SessionEngine _engine;
    private readonly ILogger _logger;
    private readonly long _beganAt;
    private readonly TurnAudio _audio = new();
    private readonly CancellationTokenSource _silenced = new();
    private readonly TaskCompletionSource<TurnResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TurnFeed _updates = new();
    private readonly TurnTranscript _transcript = new();
    private readonly List<ToolCall> _toolCalls = [];
    private readonly List<ServerError> _rejectedInput = [];

    private TimeSpan? _firstAudioAt;
    private int _responses;
    private TurnUsage? _usage;

    internal Turn(SessionEngine engine, ILogger logger, int number, TurnOrigin origin, long beganAt)
    {
        (_engine, _logger, Number, Origin, _beganAt) = (engine, logger, number, origin, beganAt);
        Silenced = _silenced.Token;
    }

    /// <summary>Counts the turns of a session, from 1.</summary>
    public int Number { get; }

    /// <summary>Who began it: this application, or the server.</summary>
    public TurnOrigin Origin { get; }

    /// <summary>
    /// The model's voice: raw bytes in the session's output format, one stream across all responses of the turn. It ends when the turn
    /// ends, whatever the outcome, and at once when the turn is silenced. One reader. A slow one delays nothing: the bytes wait, up to
    /// <see cref="VoiceSessionOptions.MaxAudioPerResponse"/>; a reader who wants no more completes it, and nothing is kept.
    /// </summary>
    public PipeReader Audio => _audio.Reader;

    /// <summary>The turn's end. It never fails: an interruption, a refusal and a lost connection are outcomes.</summary>
    public Task<TurnResult> Completion => _completion.Task;

    /// <summary>Cancelled when the model is to fall silent: what was read from <see cref="Audio"/> and not played yet is not to be heard. It can happen after the turn's end, while its audio still plays.</summary>
    public CancellationToken Silenced { get; }

    /// <summary>What happens in the turn, from its beginning on, until it ends. One reader; nothing is lost before it comes: past 4,096 updates that wait, pieces of the transcript grow together.</summary>
    /// <param name="cancellationToken">Stops the enumeration, not the turn.</param>
    public IAsyncEnumerable<TurnUpdate> ReadUpdatesAsync(CancellationToken cancellationToken = default) => _updates.ReadAllAsync(cancellationToken);

    /// <summary>
    /// Says how much of <see cref="Audio"/> the listener has heard: a position in the stream in bytes, not a step. The session turns it into
    /// items, and an interruption cuts the conversation there. Reading is not hearing; without reports nothing counts as heard. May be
    /// called from any thread, as often as the sink likes, also after the turn's end.
    /// </summary>
    /// <param name="bytes">Bytes since the beginning of the stream. Going back has no effect; more than was received counts as all of it.</param>
    public void ReportPlayed(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _engine.ReportPlayed(this, bytes);
    }

    /// <summary>Gives this turn up: it is withdrawn when it waits and cancelled when it runs. Nothing happens when it has ended.</summary>
    public void Cancel() => _engine.Submit(SessionIntent.CancelTurn(Number));

    /// <summary>Number and state; never what was said.</summary>
    public override string ToString() => $"Turn {Number}, {(Completion.IsCompletedSuccessfully ? Completion.Result.ToString() : "running")}";

    // From here on: called by the engine, under its lock.
    private TimeSpan Elapsed => _engine.Since(_beganAt);

    internal void Take(in ServerEvent e, bool isDropped)
    {
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

    internal void StartResponse(string responseId)
    {
        _responses++;
        Tell(new TurnUpdate.ResponseStarted(Elapsed, responseId));
    }

    internal void EndResponse(TurnUsage? usage) => _usage = (_usage, usage) is ({ } sum, { } more) ? sum + more : _usage ?? usage;

    internal void Reject(ServerError error) => _rejectedInput.Add(error);

    internal void StartTool(ToolCall call)
    {
        _toolCalls.Add(call);
        Tell(new TurnUpdate.ToolStarted(Elapsed, call));
    }

    internal void FinishTool(ToolCall call, Exception? failure) => Tell(new TurnUpdate.ToolFinished(Elapsed, call, failure));

    internal void Silence(InterruptionReason reason)
    {
        _audio.Silence();
        Tell(new TurnUpdate.Silenced(Elapsed, reason));

        Callbacks.Cancel(_silenced, "Turn.Silenced", _logger);
    }

    internal void Play(long bytes, Action<string, int, long> played) => _audio.Play(bytes, played);

    internal void End(TurnOutcome outcome, Turn? mergedInto)
    {
        _audio.Complete();
        _updates.Complete();
        _completion.TrySetResult(new()
        {
            Outcome = outcome,
            Transcript = _transcript.ToString(),
            AudioBytes = _audio.Bytes,
            TimeToFirstAudio = _firstAudioAt,
            Responses = _responses,
            ToolCalls = _toolCalls.ToArray(),
            Usage = _usage,
            RejectedInput = _rejectedInput.ToArray(),
            MergedInto = mergedInto,
        });
    }

    private void TakeAudio(in ResponseOutputAudioDeltaView delta)
    {
        if (_firstAudioAt is null && delta.Delta.DecodedLength > 0)
        {
            _firstAudioAt = Elapsed;
            Tell(new TurnUpdate.AudioStarted(Elapsed));
        }

        Span<byte> decoded = stackalloc byte[256];
        TextView itemId = delta.ItemId;
        ReadOnlySpan<byte> id = !itemId.IsEscaped ? itemId.Raw
            : itemId.TryCopyTo(decoded, out int length) ? decoded[..length]
            : Encoding.UTF8.GetBytes(itemId.ToString());
        _audio.Write(id, (int)delta.ContentIndex, delta.Delta);
    }

    private void TakeTranscript(in TurnTranscript.Place place, TextView text, bool isWhole)
    {
        if (isWhole ? _transcript.Complete(place, text, out TranscriptPiece piece) : _transcript.Append(place, text, out piece))
        {
            Tell(new TurnUpdate.TranscriptDelta(Elapsed, piece.Text, piece.ItemId));
        }
    }

    private TurnTranscript.Place Place(TextView itemId, long outputIndex, long contentIndex) =>
        new(_responses, itemId.IsEscaped ? Encoding.UTF8.GetBytes(itemId.ToString()) : itemId.Raw, outputIndex, contentIndex);

    private void Tell(TurnUpdate update) => _updates.Add(update);
}
