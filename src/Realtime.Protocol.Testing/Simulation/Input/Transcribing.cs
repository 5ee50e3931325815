using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Input;

/// <summary>
/// The transcription of what the user said: deltas, then <c>completed</c> or <c>failed</c>, for each spoken item by itself and whatever
/// the responses do meanwhile. There is no recogniser: the nth spoken turn was the nth of the options' transcripts.
/// </summary>
internal sealed class Transcribing : IDue
{
    private const string WholeAtOnce = "whisper-1";

    private readonly SessionContext _session;
    private readonly List<Run> _runs = [];
    private int _turns;

    public Transcribing(SessionContext session)
    {
        _session = session;
        session.ResponseEnded += ResponseEnded;
        session.Agenda.Enroll(this);
    }

    public long? Due => First()?.Due;

    /// <summary>A spoken turn was committed; it is transcribed when the session says so.</summary>
    public void Transcribe(SimulatedItem item)
    {
        SimulatedTranscript heard = _turns < _session.Options.Transcripts.Count ? _session.Options.Transcripts[_turns] : Unlisted(item);
        _turns++;
        if (_session.Settings.TranscriptionModel is { } model && !heard.Never)
        {
            IReadOnlyList<Range> pieces = model == WholeAtOnce ? [Range.All] : ResponsePlan.Words(heard.Text);
            long start = _session.Now + (long)(heard.After ?? _session.Options.Pace.Transcription).TotalMilliseconds;
            _runs.Add(new(item, heard, model, pieces) { Due = heard.AfterResponse ? null : start });
        }
    }

    public void Act()
    {
        Run run = First()!;
        if (run.Next < run.Pieces.Count)
        {
            _session.Speaker.TranscriptionDelta(run.Item.Id, run.Heard.Text[run.Pieces[run.Next++]]);
            run.Due += (long)_session.Options.Pace.TextDelta.TotalMilliseconds;
            return;
        }

        _runs.Remove(run);
        if (run.Heard.Failure is { } failure)
        {
            _session.Speaker.TranscriptionFailed(run.Item.Id, failure);
        }
        else
        {
            run.Item.PartList[0].Transcript = run.Heard.Text;
            _session.Speaker.TranscriptionCompleted(run.Item.Id, run.Heard.Text, Usage(run));
        }
    }

    // Published: most models are billed by tokens, whisper by the length of the sound.
    private static TranscriptionUsage Usage(Run run)
    {
        SimulatedPart part = run.Item.PartList[0];
        long heard = TokenCount.Heard(part.AudioMs);
        long written = TokenCount.Text(run.Heard.Text.Length);
        return run.Model == WholeAtOnce
            ? new TranscriptionDurationUsage { Seconds = part.AudioMs / 1000.0 }
            : new TranscriptionTokenUsage
            {
                InputTokens = heard,
                InputTokenDetails = new() { TextTokens = 0, AudioTokens = heard },
                OutputTokens = written,
                TotalTokens = heard + written,
            };
    }

    private static SimulatedTranscript Unlisted(SimulatedItem item) => new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{item.PartList[0].AudioMs / 1000.0:0.0} seconds of speech."));

    private Run? First() => _runs.Where(static run => run.Due is not null).MinBy(static run => run.Due);

    private void ResponseEnded()
    {
        foreach (Run run in _runs.Where(static run => run.Due is null))
        {
            run.Due = _session.Now + (long)(run.Heard.After ?? TimeSpan.Zero).TotalMilliseconds;
        }
    }

    private sealed class Run(SimulatedItem item, SimulatedTranscript heard, string model, IReadOnlyList<Range> pieces)
    {
        public SimulatedItem Item => item;

        public SimulatedTranscript Heard => heard;

        public string Model => model;

        public IReadOnlyList<Range> Pieces => pieces;

        public int Next { get; set; }

        /// <summary>Null while it waits for a response to end.</summary>
        public long? Due { get; set; }
    }
}
