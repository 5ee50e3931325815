using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>What a step of a response does.</summary>
internal enum ResponseStepKind
{
    OpenItem,
    Transcript,
    Audio,
    Text,
    Arguments,
    CloseItem,
    Finish,
}

/// <summary>One step: when, and which piece of which output.</summary>
internal readonly record struct ResponseStep(ResponseStepKind Kind, long At, int Output, Range Piece);

/// <summary>
/// An answer laid out in time: every delta with its moment, before the first one is sent. Then playing a response is walking along a list,
/// and cancelling it is stopping there.
/// </summary>
/// <param name="Steps">In order of time; the last is <see cref="ResponseStepKind.Finish"/>.</param>
/// <param name="HitTheLimit">True when the limit on tokens cut the answer short.</param>
internal sealed record ResponsePlan(IReadOnlyList<ResponseStep> Steps, bool HitTheLimit)
{
    /// <summary>How much speech one delta carries: recorded deltas of PCM16 have 19,200 bytes.</summary>
    public const int AudioDeltaMs = 400;

    // As recorded: four pieces of the transcript came before the first sound.
    private const int WordsAhead = 4;
    private const int ArgumentsPiece = 8;

    /// <summary>Lays out an answer.</summary>
    /// <param name="start">When the response was created.</param>
    /// <param name="maxTokens">Where to stop; null for no limit.</param>
    public static ResponsePlan Lay(ModelAnswer answer, ResponsePace pace, SpeechFormat format, long start, long? maxTokens)
    {
        var layout = new Layout(pace, format, start + Ms(pace.FirstDelta), maxTokens ?? long.MaxValue);
        for (int i = 0; i < answer.Outputs.Count && !layout.IsFull; i++)
        {
            // The item that a failure interrupts stays open; closing it is then the player's work.
            layout.Add(i, answer.Outputs[i], close: answer.Failure is null || i < answer.Outputs.Count - 1);
        }

        return layout.Finish();
    }

    private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;

    private sealed class Layout(ResponsePace pace, SpeechFormat format, long now, long tokensLeft)
    {
        private readonly List<ResponseStep> _steps = [];
        private long _now = now;
        private long _tokensLeft = tokensLeft;

        public bool IsFull => _tokensLeft <= 0;

        public void Add(int output, ModelOutput what, bool close)
        {
            Step(ResponseStepKind.OpenItem, output, default);
            switch (what)
            {
                case ModelOutput.Speech speech:
                    Speak(output, speech);
                    break;
                case ModelOutput.Text text:
                    Pieces(ResponseStepKind.Text, output, Words(text.Words));
                    break;
                case ModelOutput.McpCall call:
                    Pieces(ResponseStepKind.Arguments, output, Cut(call.Arguments, ArgumentsPiece));
                    break;
                case ModelOutput.Approval:
                    break;
                case ModelOutput.Call call:
                    Pieces(ResponseStepKind.Arguments, output, Cut(call.Arguments, ArgumentsPiece));
                    break;
                default:
                    throw new NotSupportedException($"A model answered with {what.GetType().Name}, which this simulator cannot send.");
            }

            if (close && !IsFull)
            {
                Step(ResponseStepKind.CloseItem, output, default);
            }
        }

        public ResponsePlan Finish()
        {
            Step(ResponseStepKind.Finish, 0, default);
            return new(_steps, IsFull);
        }

        private void Speak(int output, ModelOutput.Speech speech)
        {
            List<Range> words = Words(speech.Transcript);
            List<Range> sounds = Cut(speech.Audio.Length, AudioDeltaMs * format.BytesPerMillisecond());
            int word = 0;
            long began = _now;
            long spoken = 0;
            for (int i = 0; i < sounds.Count && !IsFull; i++)
            {
                _now = began + (long)(i * AudioDeltaMs / pace.AudioSpeed);

                // The transcript stays ahead of the sound and is whole before its last piece.
                int ahead = Math.Max(WordsAhead, (int)Math.Ceiling(words.Count * (i + 1.0) / sounds.Count));
                while (word < Math.Min(ahead, words.Count) && !IsFull)
                {
                    Piece(ResponseStepKind.Transcript, output, words[word++]);
                }

                if (!IsFull)
                {
                    long before = TokenCount.Spoken(format.Milliseconds(spoken));
                    spoken += sounds[i].End.Value - sounds[i].Start.Value;
                    Step(ResponseStepKind.Audio, output, sounds[i]);
                    _tokensLeft -= TokenCount.Spoken(format.Milliseconds(spoken)) - before;
                }
            }

            Pieces(ResponseStepKind.Transcript, output, words.GetRange(word, words.Count - word));
        }

        private void Pieces(ResponseStepKind kind, int output, List<Range> pieces)
        {
            for (int i = 0; i < pieces.Count && !IsFull; i++)
            {
                Piece(kind, output, pieces[i]);
                _now += Ms(pace.TextDelta);
            }
        }

        private void Piece(ResponseStepKind kind, int output, Range piece)
        {
            Step(kind, output, piece);
            _tokensLeft -= TokenCount.Text(piece.End.Value - piece.Start.Value);
        }

        private void Step(ResponseStepKind kind, int output, Range piece) => _steps.Add(new(kind, _now, output, piece));
    }

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
}
