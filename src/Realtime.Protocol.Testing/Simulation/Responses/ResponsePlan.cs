using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>What a step of a response does.</summary>
internal enum ResponseStepKind
{
    OpenItem,
    OpenPart,
    Transcript,
    Audio,
    Text,
    Arguments,
    ClosePart,
    CloseItem,
    Await,
    Raw,
    Goodbye,
    Finish,
}

/// <summary>One step: when, and which piece of which part of which output.</summary>
internal readonly record struct ResponseStep(ResponseStepKind Kind, long At, int Output, int Part, Range Piece)
{
    /// <summary>True for a step that says something of what the model made.</summary>
    public bool IsDelta => Kind is ResponseStepKind.Transcript or ResponseStepKind.Audio or ResponseStepKind.Text or ResponseStepKind.Arguments;
}

/// <summary>
/// An answer laid out in time: every delta with its moment, before the first one is sent. Then playing a response is walking along a list,
/// and cancelling it is stopping there. Items follow each other, or run beside each other where the model says so.
/// </summary>
/// <param name="Steps">In order of time; the last is <see cref="ResponseStepKind.Finish"/>.</param>
/// <param name="HitTheLimit">True when the limit on tokens cut the answer short.</param>
internal sealed record ResponsePlan(IReadOnlyList<ResponseStep> Steps, bool HitTheLimit)
{
    // As recorded: four pieces of the transcript came before the first sound.
    private const int WordsAhead = 4;
    private const int ArgumentsPiece = 8;

    /// <summary>Lays out an answer.</summary>
    /// <param name="start">When the response was created.</param>
    /// <param name="maxTokens">Where to stop; null for no limit.</param>
    public static ResponsePlan Lay(ModelAnswer answer, ResponsePace pace, Draws draws, SpeechFormat format, long start, long? maxTokens)
    {
        var layout = new Layout(pace, draws, format, start);
        bool isCut = answer.Failure is not null || answer.Incomplete is not null;
        int lastItem = answer.Outputs.Count - 1;
        while (lastItem >= 0 && !answer.Outputs[lastItem].IsItem)
        {
            lastItem--;
        }

        for (int i = 0; i < answer.Outputs.Count; i++)
        {
            // The item that a failure interrupts stays open; closing it is then the player's work.
            layout.Add(i, answer.Outputs[i], close: !isCut || i < lastItem);
        }

        List<ResponseStep> steps = layout.InOrderOfTime();
        long end = steps.Count > 0 ? layout.End : layout.End + draws.Draw(pace.FirstDelta);
        bool full = maxTokens is { } limit && Limit(steps, answer, format, limit);
        steps.Add(new(ResponseStepKind.Finish, full ? steps[^1].At : end, 0, 0, default));
        return new(steps, full);
    }

    /// <summary>The sound or the words of one part: a message of one part is that part.</summary>
    public static ModelOutput PartOf(ModelOutput output, int part) => output is ModelOutput.Message message ? message.Parts[part] : output;

    /// <summary>Words with the space before them, as the service cuts its deltas.</summary>
    public static List<Range> Words(string text)
    {
        List<Range> words = [];
        int start = 0;
        for (int i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ' ' && text[i - 1] != ' '))
            {
                words.Add(start..i);
                start = i;
            }
        }

        return words;
    }

    // Stops behind the delta that uses up the last token; true when there was one.
    private static bool Limit(List<ResponseStep> steps, ModelAnswer answer, SpeechFormat format, long tokensLeft)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            ResponseStep step = steps[i];
            (int start, int end) = (step.Piece.Start.Value, step.Piece.End.Value);
            tokensLeft -= !step.IsDelta ? 0
                : step.Kind == ResponseStepKind.Audio ? TokenCount.Spoken(format.Milliseconds(end)) - TokenCount.Spoken(format.Milliseconds(start))
                : TokenCount.Text(end - start);
            if (tokensLeft <= 0 && step.IsDelta)
            {
                steps.RemoveRange(i + 1, steps.Count - i - 1);
                return true;
            }
        }

        return tokensLeft <= 0 && answer.Outputs.Count > 0;
    }

    private static List<Range> Cut(string text, int length)
    {
        List<Range> pieces = [];
        for (int start = 0; start < text.Length;)
        {
            int end = Math.Min(start + length, text.Length);

            // Half a surrogate pair is not text.
            end += end < text.Length && char.IsHighSurrogate(text[end - 1]) ? 1 : 0;
            pieces.Add(start..end);
            start = end;
        }

        return pieces;
    }

    private static List<Range> Cut(int length, int piece)
    {
        List<Range> pieces = [];
        for (int start = 0; start < length; start += piece)
        {
            pieces.Add(start..Math.Min(start + piece, length));
        }

        return pieces;
    }

    private sealed class Layout(ResponsePace pace, Draws draws, SpeechFormat format, long start)
    {
        private readonly List<ResponseStep> _steps = [];
        private long _now = start;
        private long _began = start;
        private int _output;
        private int _part;
        private bool _hasItem;
        private long _firstDelta;
        private Delay? _every;

        /// <summary>When the last step is done.</summary>
        public long End { get; private set; } = start;

        public List<ResponseStep> InOrderOfTime() => [.. _steps.OrderBy(static step => step.At)];

        public void Add(int output, ModelOutput what, bool close)
        {
            _now = what.Overlap ? _began : End;
            (_began, _output, _part) = (_now, output, 0);
            After(what.Pace?.After);
            switch (what)
            {
                case ModelOutput.Pause pause:
                    _now += draws.Draw(pause.Length);
                    break;
                case ModelOutput.RawEvent:
                    Step(ResponseStepKind.Raw);
                    break;
                case ModelOutput.Goodbye:
                    Step(ResponseStepKind.Goodbye);
                    break;
                default:
                    AddItem(what, close);
                    break;
            }

            End = Math.Max(End, _now);
        }

        private void After(Moment? after)
        {
            if (after?.EventType is not null)
            {
                Step(ResponseStepKind.Await);
            }

            _now += after is null ? 0 : draws.Draw(after.Plus);
        }

        private void AddItem(ModelOutput what, bool close)
        {
            bool isFirst = !_hasItem;
            _hasItem = true;
            _every = what.Pace?.Every;
            long firstDelta = _now + draws.Draw(what.Pace?.FirstDelta ?? (isFirst ? pace.FirstDelta : default));
            Delay? item = what.Pace?.Item ?? (isFirst ? pace.Item : null);
            _now = item is { } opens ? _now + draws.Draw(opens) : firstDelta;
            _began = _now;
            Step(ResponseStepKind.OpenItem);
            _firstDelta = Math.Max(_now, firstDelta);
            if (what is ModelOutput.Message message)
            {
                for (; _part < message.Parts.Count; _part++)
                {
                    AddPart(message.Parts[_part], close || _part < message.Parts.Count - 1);
                }
            }
            else if (what is ModelOutput.Speech or ModelOutput.Text)
            {
                AddPart(what, close);
            }
            else
            {
                _now = _firstDelta;
                Pieces(ResponseStepKind.Arguments, Cut(ArgumentsOf(what), ArgumentsPiece));
                _now += draws.Draw(pace.Closers);
            }

            if (close)
            {
                Step(ResponseStepKind.CloseItem);
            }
        }

        private static string ArgumentsOf(ModelOutput what) => what switch
        {
            ModelOutput.Call call => call.Arguments,
            ModelOutput.McpCall call => call.Arguments,
            ModelOutput.Approval => "",
            _ => throw new NotSupportedException($"A model answered with {what.GetType().Name}, which this simulator cannot send."),
        };

        private void AddPart(ModelOutput what, bool close)
        {
            Step(ResponseStepKind.OpenPart);
            _now = Math.Max(_now, _firstDelta);
            if (what is ModelOutput.Speech speech)
            {
                Speak(speech);
            }
            else
            {
                Pieces(ResponseStepKind.Text, Words(((ModelOutput.Text)what).Words));
            }

            _now += draws.Draw(pace.Closers);
            if (close)
            {
                Step(ResponseStepKind.ClosePart);
            }
        }

        private void Speak(ModelOutput.Speech speech)
        {
            int chunkMs = (int)Math.Max(1, draws.Draw(speech.Pace?.Chunk ?? pace.Chunk));
            List<Range> words = Words(speech.Transcript);
            List<Range> sounds = Cut(speech.Length, chunkMs * format.BytesPerMillisecond());
            int word = 0;
            long began = _now;
            for (int i = 0; i < sounds.Count; i++)
            {
                _now = _every is not { } every ? began + (long)(i * (long)chunkMs / pace.AudioSpeed) : _now + (i == 0 ? 0 : draws.Draw(every));

                // The transcript stays ahead of the sound and is whole before its last piece.
                int ahead = Math.Max(WordsAhead, (int)Math.Ceiling(words.Count * (i + 1.0) / sounds.Count));
                while (word < Math.Min(ahead, words.Count))
                {
                    Step(ResponseStepKind.Transcript, words[word++]);
                }

                Step(ResponseStepKind.Audio, sounds[i]);
            }

            Pieces(ResponseStepKind.Transcript, words.GetRange(word, words.Count - word));
        }

        private void Pieces(ResponseStepKind kind, List<Range> pieces)
        {
            foreach (Range piece in pieces)
            {
                Step(kind, piece);
                _now += draws.Draw(_every ?? pace.TextDelta);
            }
        }

        private void Step(ResponseStepKind kind, Range piece = default) => _steps.Add(new(kind, _now, _output, _part, piece));
    }
}
