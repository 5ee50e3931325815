using System.ComponentModel;

namespace Realtime.Protocol;

/// <summary>Who decides where the user's turn ends: the application, or the server, which listens in one of two ways.</summary>
[TypeConverter(typeof(TurnTakingConverter))]
public abstract record TurnTaking
{
    private TurnTaking()
    {
    }

    /// <summary>The application ends each turn with <see cref="VoiceSession.EndTurn"/>: push to talk, files, its own voice detection.</summary>
    public static TurnTaking Manual { get; } = new ByApplication();

    internal sealed record ByApplication : TurnTaking;

    /// <summary>The server listens, and ends the turns.</summary>
    public abstract record Detection : TurnTaking
    {
        private protected Detection()
        {
        }

        /// <summary>Whether the server answers by itself; if not, <see cref="VoiceSession.Respond"/> asks for each answer. Default: true.</summary>
        public bool CreatesResponse { get; init; } = true;

        /// <summary>
        /// Whether the server silences the model when the user speaks. Default: true. Every turn of which something may be heard ends then, also while its tools run; one that only waits for its
        /// tools, and makes no sound, goes on.
        /// </summary>
        public bool InterruptsResponse { get; init; } = true;
    }

    /// <summary>The server ends a turn after a stretch of silence. What is left null is the service's default.</summary>
    public sealed record ServerVad : Detection
    {
        /// <summary>How loud speech must be, 0 to 1; higher suits noisy places. OpenAI begins with 0.5. A number that is infinite or none is an <see cref="ArgumentException"/> of whoever sends it.</summary>
        public double? Threshold { get; init; }

        /// <summary>How much audio before the detected start belongs to the turn: whole milliseconds go to the server, zero or more. OpenAI begins with 300.</summary>
        public TimeSpan? PrefixPadding { get; init; }

        /// <summary>How long the silence must last that ends a turn: whole milliseconds go to the server, zero or more. Short ones answer quickly and cut into pauses.</summary>
        public TimeSpan? Silence { get; init; }

        /// <summary>After how much silence behind an answer the model speaks up by itself: OpenAI takes 5 to 30 s; null: never.</summary>
        public TimeSpan? IdleTimeout { get; init; }
    }

    /// <summary>The server ends a turn when what was said sounds finished.</summary>
    public sealed record SemanticVad : Detection
    {
        /// <summary>How soon: <c>low</c> waits up to 8 s, <c>medium</c> 4 s, <c>high</c> 2 s; <c>auto</c> is medium. Null leaves it to the service, and a word that it does not know is its to refuse.</summary>
        public string? Eagerness { get; init; }
    }
}
