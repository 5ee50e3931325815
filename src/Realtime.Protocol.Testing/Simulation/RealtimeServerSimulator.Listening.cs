using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What the server hears: the input buffer, turned into user messages by the client's commit or by detected speech. The beginning of
/// speech interrupts the response, and its end commits the speech and starts the next one, as far as the session says so.
/// </summary>
public sealed partial class RealtimeServerSimulator
{
    // Quiet that nobody will ever ask for is forgotten, or a client that listens all day would fill the memory.
    private const int QuietKeptMs = 30_000;

    private void Append(InputAudioBufferAppendView append)
    {
        if ((long)_input.Length + append.Audio.DecodedLength > _options.MaxInputAudioBytes)
        {
            Refuse(Refusal.BufferFull(_options.MaxInputAudioBytes), append.EventId);
            return;
        }

        _input.Append(append.Audio);
        if (_configuration.Listening is { } listening)
        {
            Listen(listening);
        }
    }

    private void Listen(ListeningSettings listening)
    {
        SpeechFormat format = _configuration.InputFormat;
        int bytesPerMs = format.BytesPerMillisecond();
        while (_detector.Heard < _input.End)
        {
            switch (_detector.Hear(_input.From(_detector.Heard), format, listening.Threshold, listening.SilenceMs))
            {
                case SpeechChange.Started:
                    _speechItemId = _ids.Item();
                    _speechStart = Math.Max(_input.Start, _detector.Heard - ((long)bytesPerMs * (SpeechDetector.FrameMs + (long)listening.PrefixPaddingMs)));
                    _speaker.SpeechStarted(_speechStart / bytesPerMs, _speechItemId);
                    Interrupt(listening);
                    break;
                case SpeechChange.Stopped:
                    _speaker.SpeechStopped(_detector.Heard / bytesPerMs, _speechItemId!);
                    CommitSpeech(listening);
                    break;
            }
        }

        if (!_detector.IsSpeaking && _input.Length > 2L * QuietKeptMs * bytesPerMs)
        {
            _input.ForgetBefore(_input.End - ((long)QuietKeptMs * bytesPerMs));
        }
    }

    private void Interrupt(ListeningSettings listening)
    {
        // The new turn will ask for its own response.
        _automaticResponseAt = null;
        if (listening.InterruptResponse && _player.Active is { IsCreated: true } active)
        {
            _player.Cancel(active, StatusDetailsReason.TurnDetected);
        }
    }

    private void CommitSpeech(ListeningSettings listening)
    {
        byte[] speech = _input.Copy(_speechStart, _detector.Heard);
        _input.ForgetBefore(_detector.Heard);
        AddSpoken(_speechItemId!, speech);
        _speechItemId = null;
        if (listening.CreateResponse)
        {
            _automaticResponseAt = _now + (long)_options.Pace.AutomaticResponse.TotalMilliseconds;
        }
    }

    private void StartAutomaticResponse(long due)
    {
        _automaticResponseAt = null;
        if (_player.Active is { } active)
        {
            // Published: where speech does not interrupt, a response that the server starts by itself may fail.
            _speaker.Error(Refusal.ActiveResponse(active.Id), null);
            return;
        }

        _configuration.TryJoin(default, _player.HasSpoken, out ResponseSettings settings, out _);
        StartResponse(settings, null, due);
    }

    private void Commit(TextView clientEventId)
    {
        SpeechFormat format = _configuration.InputFormat;
        if (_input.Length < ShortestCommitMs * format.BytesPerMillisecond())
        {
            Refuse(Refusal.BufferTooSmall(_input.Length / (double)format.BytesPerMillisecond()), clientEventId);
            return;
        }

        // A commit in the middle of detected speech ends it, without speech_stopped.
        string id = _speechItemId ?? _ids.Item();
        byte[] audio = _input.Held.ToArray();
        ForgetInput();
        AddSpoken(id, audio);
    }

    private void ClearInput()
    {
        ForgetInput();
        _speaker.InputCleared();
    }

    private void ForgetInput()
    {
        _input.Clear();
        _detector.Reset(_input.End);
        _speechItemId = null;
    }

    private void AddSpoken(string id, byte[] audio)
    {
        var item = new SimulatedItem(id, ItemKind.Message) { Role = MessageItemRole.User };
        item.PartList.Add(new(ContentPartType.InputAudio) { Audio = audio, Format = _configuration.InputFormat });
        _speaker.InputCommitted(_conversation.LastId, id);
        _conversation.Append(item);
        _speaker.ItemAdded(_conversation.Before(item), item);
        _speaker.ItemDone(_conversation.Before(item), item);
    }
}
