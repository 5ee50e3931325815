using System.IO.Pipelines;
using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Log;
using Realtime.Protocol.CommandLine.Playback;
using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>
/// One spoken or written turn and its answer (several, where the server takes turns and what is said has pauses): speaks at the pace of speech, plays the answer into a virtual sink, tells the
/// session what was heard, and interrupts when told to. What arrives is written at once, whatever becomes of the rest.
/// </summary>
internal sealed class Conversation(VoiceSession session, TalkSettings settings, AudioOutput output, ITimelineView view, Recorder recorder, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    // Longer than any server takes to find the end of a turn: semantic detection waits up to 8 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly Lock _lock = new();
    private VirtualSink _sink = new(settings.Fast, settings.InterruptAfter);
    private long _playedBefore;
    private TimeSpan? _soundEnds;
    private TimeSpan? _answeredUpTo;
    private volatile bool _listens;

    /// <summary>How many bytes of the answer were heard.</summary>
    public long PlayedBytes
    {
        get
        {
            lock (_lock)
            {
                return _playedBefore + _sink.Played(Now);
            }
        }
    }

    /// <summary>Whether the server finds the end of the user's turn, and answers by itself.</summary>
    public bool ServerTakesTurns { get; init; }

    /// <summary>True when the answer was interrupted as told.</summary>
    public bool WasInterrupted { get; private set; }

    private TimeSpan Now => recorder.Now;

    private TimeSpan? InterruptAfter => WasInterrupted ? null : settings.InterruptAfter;

    // All was said, and an answer that nobody interrupted belongs to the end of it.
    private bool IsAnswered
    {
        get
        {
            lock (_lock)
            {
                return _answeredUpTo >= _soundEnds;
            }
        }
    }

    /// <summary>Speaks, listens until nothing is left to be heard, and returns how the turn ended; where the server takes turns, how the last one did.</summary>
    /// <exception cref="RealtimeRefusedException">There was less than 100 ms to say.</exception>
    /// <exception cref="RealtimeClosedException">The session ended before the turn began.</exception>
    /// <exception cref="ToolException">The server heard no end of speech.</exception>
    public async Task<TurnResult> RunAsync(SoundSource? speech, CancellationToken cancellationToken)
    {
        await HearWhatWasAskedAgainAsync(cancellationToken);
        if (speech is not null && ServerTakesTurns)
        {
            return await ConverseAsync(speech, cancellationToken);
        }

        if (speech is not null)
        {
            await SpeakAsync(speech, cancellationToken);
        }

        return await HearOutAsync(speech is null ? session.SendMessage(settings.Text!) : session.EndTurn(), InterruptAfter, cancellationToken);
    }

    // A question that an earlier talk left without its answer is asked again by the session, before it is handed over. The next one would silence the answer.
    private async Task HearWhatWasAskedAgainAsync(CancellationToken cancellationToken)
    {
        using var none = new CancellationTokenSource();
        await using IAsyncEnumerator<Turn> turns = session.ReadServerTurnsAsync(none.Token).GetAsyncEnumerator(none.Token);
        ValueTask<bool> next = turns.MoveNextAsync();
        if (next.IsCompleted)
        {
            if (await next)
            {
                await HearOutAsync(turns.Current, null, cancellationToken);
            }

            return;
        }

        await none.CancelAsync();
        try
        {
            await next;
        }
        catch (OperationCanceledException)
        {
            // Nothing was asked again.
        }
    }

    // A pause within what is said may end a turn. The next words then interrupt the answer, unless it was over before the server came to them: the last turn
    // is one that nobody interrupts, and behind whose end nothing was said.
    private async Task<TurnResult> ConverseAsync(SoundSource speech, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task speaking = SpeakAndFallSilentAsync(speech, over);
        TurnResult? last = null;
        try
        {
            await foreach (Turn turn in session.ReadServerTurnsAsync(over.Token))
            {
                last = await HearOutAsync(turn, InterruptAfter, cancellationToken);
                if (last.Outcome is not TurnOutcome.Interrupted { Reason: InterruptionReason.UserSpeech })
                {
                    lock (_lock)
                    {
                        _answeredUpTo = turn.Utterance?.End ?? TimeSpan.MaxValue;
                    }
                }

                if (IsAnswered)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody was heard for long enough, or what was said had been answered before the recording was over.
        }

        await over.CancelAsync();
        await speaking;
        return last ?? (session.CloseReason is { } reason
            ? throw new RealtimeClosedException(reason)
            : throw new ToolException(ExitCode.DoneWithProblems, FormattableString.Invariant($"The server heard no end of your turn in {Patience.TotalSeconds:0} s of silence. Speak louder, or leave --vad out.")));
    }

    private async Task SpeakAndFallSilentAsync(SoundSource speech, CancellationTokenSource over)
    {
        try
        {
            TimeSpan soundEnds = await SpeakAsync(speech, over.Token);
            lock (_lock)
            {
                _soundEnds = soundEnds;
            }

            byte[] silence = new byte[Pcm.Bytes(Tick)];
            for (TimeSpan quiet = default; quiet < Patience && !IsAnswered; quiet = _listens ? default : quiet + Tick)
            {
                await Task.Delay(Tick, time, over.Token);
                if ((await session.Input.WriteAsync(silence, over.Token)).IsCompleted)
                {
                    return;
                }
            }

            await over.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The answer was heard out, or the conversation is over.
        }
        catch
        {
            await over.CancelAsync();
            throw;
        }
    }

    private async Task<TurnResult> HearOutAsync(Turn turn, TimeSpan? interruptAfter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _playedBefore += _sink.Played(Now);
            _sink = new(settings.Fast, interruptAfter);
        }

        _listens = true;
        turn.ReportPlayed(0); // this sink reports: what it has read and not played is not heard
        using CancellationTokenRegistration silenced = turn.Silenced.Register(Stop);
        try
        {
            Task receiving = ReceiveAsync(turn, cancellationToken);
            await Task.WhenAll(receiving, PlayAsync(turn, receiving, cancellationToken));
            return await turn.Completion.WaitAsync(cancellationToken);
        }
        finally
        {
            // Nobody listens any more: saying goodbye takes time that must not count as heard.
            Stop();
            _listens = false;
        }
    }

    /// <summary>Says all of it.</summary>
    /// <returns>Where the last sound in it ends, in what was sent: a recording may go on in silence.</returns>
    private async Task<TimeSpan> SpeakAsync(SoundSource speech, CancellationToken cancellationToken)
    {
        var pace = new RealTimePace(time, settings.Fast);
        byte[] piece = new byte[pace.PieceBytes];
        long spoken = 0;
        long soundEnds = 0;
        while (await speech.ReadAsync(piece, cancellationToken) is > 0 and int read)
        {
            soundEnds = Pcm.UpToTheLastSound(piece.AsSpan(0, read)) is > 0 and int sound ? spoken + sound : soundEnds;
            spoken += read;
            await pace.WaitAsync(spoken, cancellationToken);
            FlushResult flushed = await session.Input.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            view.ShowProgress(Speaker.You, spoken, speech.TotalBytes);
            if (flushed.IsCompleted)
            {
                break;
            }
        }

        return Pcm.Duration(soundEnds);
    }

    private async Task ReceiveAsync(Turn turn, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await turn.Audio.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                await WriteAsync(piece, cancellationToken);
                lock (_lock)
                {
                    _sink.Receive(piece.Length, Now);
                }

                Listen(turn);
            }

            turn.Audio.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            await output.WriteAsync(piece, cancellationToken);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException || (failure is IOException broken && !StandardOutput.IsClosed(broken)))
        {
            throw new ToolException(ExitCode.DoneWithProblems, $"The answer could not be written to {Files.NameOfOutput(settings)}: {failure.Message}", failure);
        }
    }

    private async Task PlayAsync(Turn turn, Task receiving, CancellationToken cancellationToken)
    {
        while (true)
        {
            bool isReceived = receiving.IsCompleted;
            Listen(turn);
            lock (_lock)
            {
                if (receiving.IsFaulted || (isReceived && _sink.IsSilent(Now)))
                {
                    break;
                }
            }

            Task tick = Task.Delay(UntilNextTick(), time, cancellationToken);
            await (isReceived ? tick : Task.WhenAny(receiving, tick));
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (PlayedBytes > 0 && !WasInterrupted)
        {
            recorder.Tell(Speaker.Model, FormattableString.Invariant($"falls silent: {Pcm.Duration(PlayedBytes).TotalSeconds:0.0} s of it were heard"));
        }
    }

    // Tells the session what was heard, and interrupts once the time has come.
    private void Listen(Turn turn)
    {
        long played;
        long received;
        bool interrupts;
        lock (_lock)
        {
            TimeSpan now = Now;
            interrupts = _sink.IsToBeInterrupted(now);
            if (interrupts)
            {
                _sink.Stop(now);
                WasInterrupted = true;
            }

            (played, received) = (_sink.Played(now), _sink.ReceivedBytes);
        }

        turn.ReportPlayed(played);
        view.ShowProgress(Speaker.Model, played, received);
        if (interrupts)
        {
            session.Interrupt();
        }
    }

    private TimeSpan UntilNextTick()
    {
        lock (_lock)
        {
            return _sink.UntilInterruption(Now) is TimeSpan left && left < Tick ? left : Tick;
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            _sink.Stop(Now);
        }
    }
}
