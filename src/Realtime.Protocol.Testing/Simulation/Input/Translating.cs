using System.Buffers;
using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Input;

/// <summary>
/// The translation of one stream, in frames of 200 ms, each a little later than it was heard. Nobody here knows a language: the sound
/// comes back as it was said, and each frame that is loud brings one word, on both sides the same one. Where the language changes, the
/// translation says which one it goes into.
/// </summary>
internal sealed class Translating : IDue
{
    // Published: the service translates frames of this length, and its times advance by it.
    private const int FrameMs = 200;
    private const int BytesPerMs = 48;
    private const int FrameBytes = FrameMs * BytesPerMs;

    // The service's default for hearing speech.
    private const double Threshold = 0.5;

    private readonly SessionContext _session;
    private readonly TranslationSpeaker _speaker;
    private readonly string[] _words;
    private readonly ArrayBufferWriter<byte> _unfinished = new();
    private readonly Queue<Frame> _frames = new();
    private long _waitingBytes;
    private long _lastDue;
    private long _elapsedMs;
    private int _wordsSaid;
    private string? _language;
    private bool _isOver;

    public Translating(SessionContext session)
    {
        _session = session;
        _speaker = new TranslationSpeaker(session.Spoken, session.Ids);
        _words = [.. session.Options.Transcripts.SelectMany(static heard => heard.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        session.Agenda.Enroll(this);
    }

    /// <summary>True once the client has asked for the end.</summary>
    public bool IsEnding { get; private set; }

    public long? Due => _frames.TryPeek(out Frame next) ? next.Due
        : IsEnding && !_isOver ? _session.Now
        : null;

    public void Append(Events.Translation.SessionInputAudioBufferAppendView append)
    {
        if (append.Audio.DecodedLength > Listening.MostBytesOfAnEvent)
        {
            _session.Refuse(Refusal.AppendTooLarge(append.Audio.DecodedLength, Listening.MostBytesOfAnEvent), append.EventId);
            return;
        }

        long limit = _session.Options.MaxInputAudioBytes;
        if (_waitingBytes + _unfinished.WrittenCount + append.Audio.DecodedLength > limit)
        {
            _session.Refuse(Refusal.TooFarBehind(limit), append.EventId);
            return;
        }

        append.Audio.DecodeTo(_unfinished);
        ReadOnlySpan<byte> heard = _unfinished.WrittenSpan;
        while (heard.Length >= FrameBytes)
        {
            Enqueue(heard[..FrameBytes]);
            heard = heard[FrameBytes..];
        }

        if (heard.Length < _unfinished.WrittenCount)
        {
            byte[] rest = heard.ToArray();
            _unfinished.ResetWrittenCount();
            _unfinished.Write(rest);
        }
    }

    /// <summary>The client wants no more: what is left becomes the last frame, and behind it the session is over.</summary>
    public void End()
    {
        IsEnding = true;

        // Half a sample is no sound.
        ReadOnlySpan<byte> rest = _unfinished.WrittenSpan[..(_unfinished.WrittenCount & ~1)];
        if (!rest.IsEmpty)
        {
            Enqueue(rest);
        }

        _unfinished.ResetWrittenCount();
    }

    public void Act()
    {
        if (!_frames.TryDequeue(out Frame frame))
        {
            _isOver = true;
            _speaker.Closed();
            _session.Spoken.Close(1000, "");
            return;
        }

        _waitingBytes -= frame.Audio.Length;
        _elapsedMs += FrameMs;
        if (Loudness.Of(frame.Audio, SpeechFormat.Pcm16) >= Loudness.Of(Threshold))
        {
            SayWord();
        }

        _speaker.AudioDelta(frame.Audio, _elapsedMs);
    }

    private void SayWord()
    {
        string space = _wordsSaid == 0 ? "" : " ";
        string word = _wordsSaid < _words.Length ? _words[_wordsSaid] : (_wordsSaid + 1).ToString(CultureInfo.InvariantCulture);
        _wordsSaid++;
        if (_session.Settings.TranscriptionModel is not null)
        {
            _speaker.SourceDelta(space + word, _elapsedMs);
        }

        string language = _session.Settings.Language;
        _speaker.TranslationDelta(language == _language ? space + word : $"{space}In {language}: {word}", _elapsedMs);
        _language = language;
    }

    private void Enqueue(ReadOnlySpan<byte> audio)
    {
        // Speech that comes faster than it is spoken waits for what is before it.
        ResponsePace pace = _session.Options.Pace;
        long soonest = _session.Now + _session.Draws.Draw(pace.FirstDelta);
        _lastDue = Math.Max(soonest, _lastDue + (long)(FrameMs / pace.AudioSpeed));
        _waitingBytes += audio.Length;
        _frames.Enqueue(new(audio.ToArray(), _lastDue));
    }

    private readonly record struct Frame(byte[] Audio, long Due);
}
