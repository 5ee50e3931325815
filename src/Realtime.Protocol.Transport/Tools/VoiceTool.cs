using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>What the model may call. It is a value: one tool serves any number of sessions.</summary>
public abstract partial record VoiceTool
{
    private VoiceTool()
    {
    }

    /// <summary>A function of the application.</summary>
    /// <param name="name">1 to 64 letters, digits, <c>_</c> and <c>-</c>; unlike the other names of a session.</param>
    /// <param name="description">For the model: what it does and when to call it.</param>
    /// <param name="parameters">JSON Schema of the arguments, for instance <c>{"type":"object"}</c>.</param>
    /// <param name="run">
    /// Makes the output, which the model reads as text. It runs on the pool, several calls at a time; its token is cancelled
    /// when the turn is interrupted, the call's time is up or the session ends.
    /// </param>
    /// <exception cref="ArgumentException">The name is unusable, the description holds half a character, or the schema is not one JSON object.</exception>
    public static Function Create(
        string name, string description, [StringSyntax(StringSyntaxAttribute.Json)] string parameters, Func<ToolCall, CancellationToken, ValueTask<ToolCallOutput>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(name, description, ToolSchema.Parse(name, parameters)) { Run = run };
    }

    /// <summary>A function of the application that answers at once.</summary>
    /// <inheritdoc cref="Create(string, string, string, Func{ToolCall, CancellationToken, ValueTask{ToolCallOutput}})"/>
    public static Function Create(string name, string description, [StringSyntax(StringSyntaxAttribute.Json)] string parameters, Func<ToolCall, ToolCallOutput> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new(name, description, ToolSchema.Parse(name, parameters)) { Run = (call, _) => new(run(call)) };
    }

    /// <summary>A function with typed arguments and a typed result. The schema is made from the type; nothing is reflected upon at run time, so it may be trimmed.</summary>
    /// <typeparam name="TArguments">What the model fills in: an object. A <c>[Description]</c> of a member is told to the model.</typeparam>
    /// <typeparam name="TResult">What the model is told: a string as it is, a <see cref="ToolCallOutput"/> as it says, all else as JSON.</typeparam>
    /// <param name="name">1 to 64 letters, digits, <c>_</c> and <c>-</c>; unlike the other names of a session.</param>
    /// <param name="description">For the model: what it does and when to call it.</param>
    /// <param name="run">As in the other overloads. Arguments that do not fit the type are told to the model, and the function does not run.</param>
    /// <param name="arguments">From a <c>JsonSerializerContext</c>.</param>
    /// <param name="result">From a <c>JsonSerializerContext</c>.</param>
    /// <exception cref="ArgumentException">The name is unusable, the description holds half a character, or the arguments are not an object.</exception>
    public static Function Create<TArguments, TResult>(
        string name,
        string description,
        Func<TArguments, CancellationToken, ValueTask<TResult>> run,
        JsonTypeInfo<TArguments> arguments,
        JsonTypeInfo<TResult> result)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(result);
        JsonTypeInfo<TArguments> strict = ToolSchema.Strict(arguments);
        return new(name, description, ToolSchema.Of(strict)) { Run = new TypedRun<TArguments, TResult>(run, strict, result).RunAsync };
    }

    /// <summary>A function that is declared to the model and answered by <see cref="VoiceSession.SubmitToolOutput"/> within the function's <see cref="Function.Timeout"/>.</summary>
    /// <inheritdoc cref="Create(string, string, string, Func{ToolCall, CancellationToken, ValueTask{ToolCallOutput}})"/>
    public static Function Declare(string name, string description, [StringSyntax(StringSyntaxAttribute.Json)] string parameters) =>
        new(name, description, ToolSchema.Parse(name, parameters));

    /// <summary>What the server is told of it.</summary>
    /// <param name="argument">The name of the argument that the list is, for what is thrown.</param>
    /// <param name="tokens">Those of the list.</param>
    /// <exception cref="ArgumentException">A member cannot be written, or does not fit another.</exception>
    internal abstract Tool ToWire(string argument, McpTokens tokens);

    /// <summary>A function of the application.</summary>
    public sealed partial record Function : VoiceTool
    {
        private readonly TimeSpan _timeout = DefaultTimeout;

        internal Function(string name, string description, RawJson parameters)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(description);
            Writable.Text(description, nameof(description));
            if (!Usable().IsMatch(name))
            {
                throw new ArgumentException($"The tool name \"{name}\" is unusable; the service takes 1 to 64 letters, digits, _ and -.", nameof(name));
            }

            (Name, Description, Parameters) = (name, description, parameters);
        }

        /// <summary>How long a call may take, unless its tool says otherwise: 60 s.</summary>
        public static TimeSpan DefaultTimeout => TimeSpan.FromSeconds(60);

        /// <summary>The name that the model calls it by.</summary>
        public string Name { get; }

        /// <summary>What the model is told about it.</summary>
        public string Description { get; }

        /// <summary>The JSON Schema of its arguments.</summary>
        public RawJson Parameters { get; }

        /// <summary>What runs; null for a function that is declared only.</summary>
        public Func<ToolCall, CancellationToken, ValueTask<ToolCallOutput>>? Run { get; internal init; }

        /// <summary>
        /// How long one call may take. Then its token is cancelled, the model is told <c>{"error":"The tool did not answer in time."}</c>, the turn goes
        /// on, and what the tool gives later is dropped (FC-08); both are told as a <see cref="SessionProblem"/>.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is not between a millisecond and 24 days.</exception>
        public TimeSpan Timeout
        {
            get => _timeout;
            init
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), nameof(Timeout));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(24), nameof(Timeout));
                _timeout = value;
            }
        }

        /// <summary>
        /// Whether the model is told the message of an exception that the function threw. The default is false: it is told
        /// <c>{"error":"The tool failed."}</c>, since the model repeats to the user what it is told.
        /// </summary>
        public bool TellsExceptionMessages { get; init; }

        /// <summary>
        /// Whether a call may run again that had begun when its process died: looking something up may, ordering something may not. The default is false: then the model is told that such a call failed
        /// (<see cref="VoiceSessionOptions.ResumeFrom"/>).
        /// </summary>
        public bool IsIdempotent { get; init; }

        /// <summary>The name.</summary>
        public override string ToString() => Name;

        internal override Tool ToWire(string argument, McpTokens tokens) => new FunctionTool { Name = Name, Description = Description, Parameters = Parameters };

        [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
        private static partial Regex Usable();
    }
}
