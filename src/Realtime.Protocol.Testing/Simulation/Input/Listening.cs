using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Input.Detectors;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Input;

/// <summary>
/// What the server hears: the input buffer, turned into user messages by the client's commit or by detected speech. The beginning of
/// speech interrupts the response, and its end commits the speech and starts the next one, as far as the session says so.
/// </summary>
internal sealed class Listening(SessionContext session, ResponseDesk? responses, Transcribing transcribing)
{
    // Quiet that nobody will ever ask for is forgotten, or a client that listens all day would fill the memory. What is kept is enough to date the beginning of speech back:
    // detectors know of it 100 ms late at most.
    private const int QuietKeptMs = 200;
    private const int MostPaddingKeptMs = 30_000;
    private const int ShortestCommitMs = 100;

    /// <summary>Published: more is not taken in one event.</summary>
    public const int MostBytesOfAnEvent = 15 * 1024 * 1024;

    private readonly InputAudio _input = new();
    private readonly ITurnDetector _detector = session.Options.TurnDetection == SimulatedTurnDetection.Scripted
        ? new ScriptedDetector(session.Options.Transcripts)
        : new EnergyDetector(session.Service);
    private long _speechStart;

    // The item that the speech under way will be; null while nobody speaks.
    private string? SpeechItemId
    {
        get;
        set
        {
            field = value;
            session.UserSpeaks = value is not null;
        }
    }

    /// <summary>The user began to speak.</summary>
    public event Action? SpeechBegan;

    /// <summary>How much was heard in this session, in milliseconds.</summary>
    public long HeardMs => _input.End / session.Settings.InputFormat.BytesPerMillisecond();

    /// <summary>The settings were changed: what was heard under the old ones may mean nothing any more.</summary>
    public void SettingsChanged(SpeechFormat formatBefore, ListeningSettings? before)
    {
        if (session.Settings.InputFormat != formatBefore)
        {
            // Bytes of the old format mean nothing in the new one; the clock of the audio goes on.
            _input.Clear();
            _input.Count(formatBefore.BytesPerMillisecond(), session.Settings.InputFormat.BytesPerMillisecond());
            ForgetInput();
        }
        else if (session.Settings.Listening is not null != before is not null)
        {
            // Detection hears what comes from now on, and speech that nobody listens to any more has no end.
            SpeechItemId = null;
            _detector.Reset(_input.End);
        }
    }

    public void Append(InputAudioBufferAppendView append)
    {
        if (append.Audio.DecodedLength > MostBytesOfAnEvent)
        {
            session.Refuse(Refusal.AppendTooLarge(append.Audio.DecodedLength, MostBytesOfAnEvent), append.EventId);
            return;
        }

        if ((long)_input.Length + append.Audio.DecodedLength > session.Options.MaxInputAudioBytes)
        {
            session.Refuse(Refusal.BufferFull(session.Options.MaxInputAudioBytes), append.EventId);
            return;
        }

        _input.Append(append.Audio);
        if (session.Settings.Listening is { } listening)
        {
            Listen(listening);
        }
    }

    private void Listen(ListeningSettings listening)
    {
        SpeechFormat format = session.Settings.InputFormat;
        int bytesPerMs = format.BytesPerMillisecond();
        while (_detector.Heard < _input.End)
        {
            SpeechChange change = Hear(format, listening);
            switch (change.Kind)
            {
                case SpeechChangeKind.Started:
                    SpeechItemId = session.Ids.Item();
                    _speechStart = Math.Max(_input.Start, change.At - ((long)bytesPerMs * listening.PrefixPaddingMs));
                    session.Speaker.SpeechStarted(_speechStart / bytesPerMs, SpeechItemId);
                    SpeechBegan?.Invoke();
                    responses?.SpeechStarted(listening);
                    break;
                case SpeechChangeKind.Stopped:
                    session.Speaker.SpeechStopped(change.At / bytesPerMs, SpeechItemId!);
                    CommitSpeech(listening);
                    break;
            }
        }

        if (!_detector.IsSpeaking)
        {
            long keptMs = Math.Max(Math.Min(listening.PrefixPaddingMs, MostPaddingKeptMs) + QuietKeptMs, listening.IdleTimeoutMs ?? 0);
            _input.ForgetBefore(_input.End - (keptMs * bytesPerMs));
        }
    }

    // Piece by piece as it is held, until something changes.
    private SpeechChange Hear(SpeechFormat format, ListeningSettings listening)
    {
        int pauseMs = PauseMs(listening);
        foreach (ReadOnlySpan<byte> piece in _input.From(_detector.Heard))
        {
            if (_detector.Hear(piece, format, listening, pauseMs) is { Kind: not SpeechChangeKind.None } change)
            {
                return change;
            }
        }

        return default;
    }

    // Semantic detection waits as long as the meaning of the turn says.
    private int PauseMs(ListeningSettings listening) => listening.Eagerness is { } eagerness ? SemanticPause.Of(eagerness, transcribing.TextOf(_detector.Turn)) : listening.SilenceMs;

    private void CommitSpeech(ListeningSettings listening)
    {
        AudioPages speech = _input.Copy(_speechStart, _detector.Heard);
        int? turn = _detector.Commit(_speechStart, _detector.Heard, session.Settings.InputFormat);
        _input.ForgetBefore(_detector.Heard);
        AddSpoken(SpeechItemId!, speech, turn);
        SpeechItemId = null;
        if (listening.CreateResponse)
        {
            responses?.Answer(ResponseCause.Speech);
        }
    }

    /// <summary>Makes a turn of the quiet: what was heard since a moment, and of that no more than the last so many milliseconds.</summary>
    public void CommitQuiet(long fromMs, int mostMs)
    {
        int bytesPerMs = session.Settings.InputFormat.BytesPerMillisecond();
        long start = Math.Max(Math.Max(fromMs, HeardMs - mostMs) * bytesPerMs, _input.Start);
        string id = session.Ids.Item();
        AudioPages quiet = _input.Copy(start, _input.End);
        session.Speaker.TimeoutTriggered(start / bytesPerMs, HeardMs, id);
        _input.ForgetBefore(_input.End);
        SimulatedItem item = Take(id, quiet);
        Announce(item);
        transcribing.Transcribe(item, turn: null);
    }

    public void Commit(TextView clientEventId)
    {
        SpeechFormat format = session.Settings.InputFormat;
        if (_input.Length < ShortestCommitMs * format.BytesPerMillisecond())
        {
            session.Refuse(Refusal.BufferTooSmall(_input.Length / (double)format.BytesPerMillisecond()), clientEventId);
            return;
        }

        // A commit in the middle of detected speech ends it, without speech_stopped.
        string id = SpeechItemId ?? session.Ids.Item();
        int? turn = _detector.Commit(_input.Start, _input.End, format);
        AudioPages audio = _input.Take();
        ForgetInput();
        AddSpoken(id, audio, turn);
    }

    public void Clear()
    {
        ForgetInput();
        session.Speaker.InputCleared();
    }

    private void ForgetInput()
    {
        _input.Clear();
        _detector.Reset(_input.End);
        SpeechItemId = null;
    }

    private void AddSpoken(string id, AudioPages audio, int? turn)
    {
        SimulatedItem item = Take(id, audio);
        bool isEarly = transcribing.TryTranscribeEarly(item, turn);
        Announce(item);
        if (!isEarly)
        {
            transcribing.Transcribe(item, turn);
        }
    }

    private SimulatedItem Take(string id, AudioPages audio)
    {
        var item = new SimulatedItem(id, ItemKind.Message) { Role = MessageItemRole.User };
        var part = new SimulatedPart(ContentPartType.InputAudio) { Format = session.Settings.InputFormat };
        item.PartList.Add(part);
        if (responses is null)
        {
            // Nobody answers in this session: each turn ends with its commit.
            session.Kept.EndTurn();
        }

        part.Sounds(session.Kept.Keep(audio), audio.Length);
        session.Speaker.InputCommitted(session.Conversation.LastId, id);
        session.Conversation.Append(item);
        return item;
    }

    private void Announce(SimulatedItem item)
    {
        session.Announce(item);
        session.AnnounceDone(item);
    }
}
