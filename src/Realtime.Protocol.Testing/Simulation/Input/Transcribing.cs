using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
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
        session.Agenda.Enroll(this);
    }

    public long? Due => First()?.Due;

    /// <summary>A spoken turn was committed; it is transcribed when the session says so.</summary>
    public void Transcribe(SimulatedItem item)
    {
        SimulatedTranscript heard = _turns < _session.Options.Transcripts.Count ? _session.Options.Transcripts[_turns] : Unlisted(item);
        _turns++;
        item.PartList[0].Understood = heard.Text.Length > 0 ? heard.Text : null;
        if (_session.Settings.TranscriptionModel is not { } model || heard.Never)
        {
            return;
        }

        IReadOnlyList<string> pieces = heard.Pieces ?? (ComesWhole(model) ? [heard.Text] : [.. ResponsePlan.Words(heard.Text).Select(piece => heard.Text[piece])]);
        Moment after = heard.After ?? _session.Options.Pace.Transcription;
        long delay = _session.Draws.Draw(after.Plus);
        _runs.Add(after.EventType is null
            ? new(item, heard, model, pieces) { Due = _session.Now + delay }
            : new(item, heard, model, pieces) { Wait = _session.Watch.For(after), Delay = delay });
    }

    public void Act()
    {
        Run run = First()!;
        if (run.Next < run.Pieces.Count)
        {
            long due = run.Due!.Value;
            _session.Speaker.TranscriptionDelta(run.Item.Id, run.Pieces[run.Next++]);
            run.Due = due + _session.Draws.Draw(run.Heard.Every ?? _session.Options.Pace.TextDelta);
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
            _session.Speaker.TranscriptionCompleted(run.Item.Id, run.Heard.Text, run.Heard.Language, Usage(run));
        }
    }

    private bool ComesWhole(string model) => _session.Service.Whisper switch
    {
        WholeTranscripts.Always => true,
        WholeTranscripts.Never => false,
        _ => model == WholeAtOnce,
    };

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

    private sealed class Run(SimulatedItem item, SimulatedTranscript heard, string model, IReadOnlyList<string> pieces)
    {
        public SimulatedItem Item => item;

        public SimulatedTranscript Heard => heard;

        public string Model => model;

        public IReadOnlyList<string> Pieces => pieces;

        public int Next { get; set; }

        /// <summary>The event that it waits for; null when it waits for none.</summary>
        public EventWatch.Wait? Wait { get; init; }

        /// <summary>How long after that event.</summary>
        public long Delay { get; init; }

        /// <summary>Null while it waits for an event.</summary>
        public long? Due
        {
            get => field ?? Wait?.ReachedAt + Delay;
            set;
        }
    }
}
