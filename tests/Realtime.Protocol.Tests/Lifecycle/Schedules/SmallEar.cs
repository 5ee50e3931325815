namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>What the small server hears: the user, whose turns it detects, the answer that it owes for them, and the transcripts that come when they come.</summary>
internal sealed class SmallEar(Tape tape, SmallVoice voice, SmallConversation conversation, SmallModel model, bool transcribes)
{
    private readonly List<string> _unwritten = [];
    private bool _userSpeaks;
    private bool _owesAnswer;

    public bool UserSpeaks => _userSpeaks;

    public bool OwesAnswer => _owesAnswer;

    public bool OwesTranscripts => _unwritten.Count > 0;

    /// <summary>The user begins to speak, or ends.</summary>
    public void Speak(long now)
    {
        if (_userSpeaks)
        {
            _userSpeaks = false;
            string item = voice.New("user");
            voice.Say("input_audio_buffer.speech_stopped", $"\"audio_end_ms\":{now},\"item_id\":\"{item}\"");
            Commit(item);
            _owesAnswer = true;
            return;
        }

        _userSpeaks = true;
        _owesAnswer = false;
        voice.Say("input_audio_buffer.speech_started", $"\"audio_start_ms\":{now},\"item_id\":\"user\"");
        if (model.Running is { } interrupted)
        {
            model.End(interrupted, "cancelled", "turn_detected");
        }
    }

    /// <summary>The answer that turn detection owes; it fails, unheard, when a response runs.</summary>
    public void Answer()
    {
        if (_owesAnswer)
        {
            _owesAnswer = false;
            if (model.Running is null)
            {
                model.Begin("");
            }
        }
    }

    /// <summary>What was said is an item.</summary>
    public void Commit(string item)
    {
        voice.Say("input_audio_buffer.committed", $"\"item_id\":\"{item}\"");
        if (transcribes)
        {
            _unwritten.Add(item);
            if (tape.OnceIn(8))
            {
                Transcribe(); // before anybody heard of its item
            }
        }

        conversation.Add(item, SmallConversation.UserMessage(item));
    }

    /// <summary>A piece of a transcript, or its end; of one in ten nothing more ever comes.</summary>
    public void Transcribe()
    {
        string item = _unwritten[tape.Next(_unwritten.Count)];
        string of = $"\"item_id\":\"{item}\",\"content_index\":0";
        if (tape.OnceIn(3))
        {
            voice.Say("conversation.item.input_audio_transcription.delta", $"{of},\"delta\":\"wo\"");
            return;
        }

        _unwritten.Remove(item);
        if (tape.OnceIn(4))
        {
            voice.Say("conversation.item.input_audio_transcription.failed", $"{of},\"error\":{{\"type\":\"transcription_error\",\"code\":\"audio_unintelligible\",\"message\":\"no\"}}");
        }
        else if (!tape.OnceIn(10))
        {
            voice.Say("conversation.item.input_audio_transcription.completed", $"{of},\"transcript\":\"word\",\"usage\":{{\"type\":\"duration\",\"seconds\":1.5}}");
        }
    }
}
