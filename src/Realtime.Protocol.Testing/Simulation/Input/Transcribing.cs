using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Input;

/// <summary>
/// The transcription of what the user said: deltas, then <c>completed</c> or <c>failed</c>, for each spoken item by itself and whatever
/// the responses do meanwhile. There is no recogniser: whoever found the turn says which of the options' transcripts it was.
/// </summary>
internal sealed class Transcribing : IDue
{
    private const string WholeAtOnce = "whisper-1";
    private const string TellsSpeakersApart = "gpt-4o-transcribe-diarize";

    private readonly SessionContext _session;
    private readonly List<Run> _runs = [];

    public Transcribing(SessionContext session)
    {
        _session = session;
        session.Agenda.Enroll(this);
    }

    public long? Due => First()?.Due;

    /// <summary>What the user is understood to say in a turn; null when nobody says it.</summary>
    /// <param name="turn">Which of the transcripts it is, or one behind the last of them.</param>
    public string? TextOf(int turn) => Listed(turn)?.Text;

    /// <summary>A turn was committed; it is transcribed when the session says so.</summary>
    /// <param name="item">The turn.</param>
    /// <param name="turn">Which of the transcripts it is; behind the last of them it says how long it was. Null when nobody spoke: its transcript is empty.</param>
    public void Transcribe(SimulatedItem item, int? turn) =>
        Transcribe(item, turn is null ? new SimulatedTranscript("") { Pieces = [] } : Listed(turn) ?? Unlisted(item));

    /// <summary>A turn was committed and its item is not announced yet: a transcript that comes early comes now.</summary>
    /// <inheritdoc cref="Transcribe(SimulatedItem, int?)" path="/param"/>
    /// <returns>False when it comes later, or never.</returns>
    public bool TryTranscribeEarly(SimulatedItem item, int? turn)
    {
        if (Listed(turn) is not { Early: true, Never: false } heard || _session.Settings.TranscriptionModel is not { } model)
        {
            return false;
        }

        Understand(item, heard);
        Run run = RunOf(item, heard, model);
        while (run.Next < run.Pieces.Count)
        {
            SayPiece(run);
        }

        End(run);
        return true;
    }

    private SimulatedTranscript? Listed(int? turn) => turn < _session.Options.Transcripts.Count ? _session.Options.Transcripts[turn.Value] : null;

    private static void Understand(SimulatedItem item, SimulatedTranscript heard) => item.PartList[0].Understood = heard.Text.Length > 0 ? heard.Text : null;

    private void Transcribe(SimulatedItem item, SimulatedTranscript heard)
    {
        Understand(item, heard);
        if (_session.Settings.TranscriptionModel is not { } model || heard.Never)
        {
            return;
        }

        Moment after = heard.After ?? _session.Options.Pace.Transcription;
        long delay = _session.Draws.Draw(after.Plus);
        Run run = RunOf(item, heard, model);
        if (after.EventType is null)
        {
            run.Due = _session.Now + delay;
        }
        else
        {
            (run.Wait, run.Delay) = (_session.Watch.For(after), delay);
        }

        _runs.Add(run);
    }

    private Run RunOf(SimulatedItem item, SimulatedTranscript heard, string model)
    {
        IReadOnlyList<SimulatedSegment> segments = heard.Segments ?? (model == TellsSpeakersApart && heard.Text.Length > 0 ? [new("A", heard.Text)] : []);
        IReadOnlyList<string> pieces = heard.Pieces ?? (ComesWhole(model) ? [heard.Text] : [.. ResponsePlan.Words(heard.Text).Select(piece => heard.Text[piece])]);
        return new(item, heard, model, pieces, segments);
    }

    public void Act()
    {
        Run run = First()!;
        if (run.Next < run.Pieces.Count)
        {
            long due = run.Due!.Value;
            SayPiece(run);
            run.Due = due + _session.Draws.Draw(run.Heard.Every ?? _session.Options.Pace.TextDelta);
            return;
        }

        _runs.Remove(run);
        End(run);
    }

    private void SayPiece(Run run)
    {
        _session.Speaker.TranscriptionDelta(run.Item.Id, run.Pieces[run.Next++]);
        SayWhatIsWhole(run);
    }

    private void End(Run run)
    {
        SayWhatIsWhole(run, isOver: true);
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

    // A segment comes when the deltas have said it, and at the end at the latest; white space lies between segments and belongs to none.
    private void SayWhatIsWhole(Run run, bool isOver = false)
    {
        long written = run.Pieces.Take(run.Next).Sum(Letters);
        long all = Math.Max(1, run.Segments.Sum(static segment => Letters(segment.Text)));
        double seconds = run.Item.PartList[0].AudioMs / 1000.0;
        while (run.NextSegment < run.Segments.Count)
        {
            SimulatedSegment segment = run.Segments[run.NextSegment];
            long before = run.Segments.Take(run.NextSegment).Sum(static other => Letters(other.Text));
            long end = before + Letters(segment.Text);
            if (end > written && !isOver)
            {
                return;
            }

            run.NextSegment++;
            string id = string.Create(CultureInfo.InvariantCulture, $"seg_{run.NextSegment:0000}");
            _session.Speaker.TranscriptionSegment(run.Item.Id, id, segment.Speaker, segment.Text, Math.Round(seconds * before / all, 3), Math.Round(seconds * end / all, 3));
        }
    }

    private static long Letters(string text) => text.Count(static letter => !char.IsWhiteSpace(letter));

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

    private static SimulatedTranscript Unlisted(SimulatedItem item) => new(string.Create(CultureInfo.InvariantCulture, $"{item.PartList[0].AudioMs / 1000.0:0.0} seconds of speech."));

    // Asked for with every event, so nothing is made for it.
    private Run? First()
    {
        Run? first = null;
        long? earliest = null;
        foreach (Run run in _runs)
        {
            if (run.Due is { } due && !(earliest <= due))
            {
                (first, earliest) = (run, due);
            }
        }

        return first;
    }

    private sealed class Run(SimulatedItem item, SimulatedTranscript heard, string model, IReadOnlyList<string> pieces, IReadOnlyList<SimulatedSegment> segments)
    {
        public SimulatedItem Item => item;

        public SimulatedTranscript Heard => heard;

        public string Model => model;

        public IReadOnlyList<string> Pieces => pieces;

        public IReadOnlyList<SimulatedSegment> Segments => segments;

        public int Next { get; set; }

        public int NextSegment { get; set; }

        /// <summary>The event that it waits for; null when it waits for none.</summary>
        public EventWatch.Wait? Wait { get; set; }

        /// <summary>How long after that event.</summary>
        public long Delay { get; set; }

        /// <summary>Null while it waits for an event.</summary>
        public long? Due
        {
            get => field ?? Wait?.ReachedAt + Delay;
            set;
        }
    }
}
