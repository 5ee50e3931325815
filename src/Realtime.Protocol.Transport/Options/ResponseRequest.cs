using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// What one response should do differently from the session. A request that leaves everything out is automatic: several that wait become one, since a response reads the whole
/// conversation (RC-07). A request that states anything is explicit: it is never merged, and keeps its place.
/// </summary>
/// <remarks>
/// It is read at the call, and what is changed in it afterwards has no effect. What cannot be written is an <see cref="ArgumentException"/> of that call, which names the member.
/// </remarks>
public sealed record ResponseRequest
{
    /// <summary>
    /// A response beside the conversation: it is sent at once, whatever runs, adds nothing to the conversation, and neither the user's speech nor <see cref="VoiceSession.Interrupt"/> ends it, but
    /// <see cref="Turn.Cancel"/> does. What its tools give goes to its next round and nowhere else. A new value on each call; asked for with <see cref="VoiceSession.Respond"/>, at most 64 at a time.
    /// </summary>
    /// <remarks>
    /// A service that has not shown yet that it repeats metadata is asked for one at a time, and only while nothing else is about to begin; otherwise the request is refused (RC-22).
    /// </remarks>
    public static ResponseRequest OutOfBand => new() { IsOutOfBand = true };

    /// <summary>True for a response beside the conversation, as <see cref="OutOfBand"/> makes one.</summary>
    public bool IsOutOfBand { get; init; }

    /// <summary>
    /// What the response reads instead of the conversation: null reads the conversation, an empty list nothing. Items that the conversation holds are sent as references to them, the others in full
    /// (RC-23); they become no items of the conversation. Also for a response in the conversation.
    /// </summary>
    public IReadOnlyList<ConversationItem>? Input { get; init; }

    /// <summary>Replaces the session's instructions for this response (RC-21); null leaves them.</summary>
    public string? Instructions { get; init; }

    /// <summary>Text or audio, never both (RC-20); null leaves it to the session.</summary>
    public OutputModality? Modality { get; init; }

    /// <summary>The voice of this response; null leaves it to the session.</summary>
    public VoiceName? Voice { get; init; }

    /// <summary>The most tokens that this response may use, at least zero, or <see cref="SessionConfiguration.Unlimited"/>; null leaves it to the session.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// The functions that the model may call in this turn, instead of the session's; an empty list for none, null leaves those. Remote MCP servers are the session's to configure. In the conversation
    /// the calls of a turn are run by these, beside it as well.
    /// </summary>
    public IReadOnlyList<VoiceTool>? Tools { get; init; }

    /// <summary>Whether the model may, must or must not call a tool; null leaves it to the session. <see cref="Protocol.ToolUse.Required"/> holds for every round of the turn, so a tool that speaks about its output ends it only at the limit of rounds.</summary>
    public ToolUse? ToolUse { get; init; }

    /// <summary>
    /// At most 16 pairs, keys to 64 and values to 512 characters (RC-19); null or none for nothing. One pair fewer leaves room for the session's own token; with 16, the response is
    /// matched by order, and one that is out of band is refused, for only its token tells it from others.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>
    /// What happens when the model is already answering (TD-09); null for the session's own <see cref="VoiceSessionOptions.WhenBusy"/>, and for waiting where nothing is said
    /// (<see cref="VoiceSession.Respond"/>). It states nothing of the response, so such a request may still be joined with others. A request that is out of band meets nobody, and it means nothing there.
    /// </summary>
    public WhenBusy? WhenBusy { get; init; }

    /// <summary>Sets whatever has no member here, on the object that goes to the server, as the last of all. Called once, in the call that asks.</summary>
    public Action<ResponseParameters>? Customize { get; init; }

    private bool IsAutomatic => !IsOutOfBand && Instructions is null && Modality is null && Voice is null && MaxOutputTokens is null
        && Input is null && Tools is null && ToolUse is null && Customize is null && Metadata is null or { Count: 0 };

    /// <summary>Instructions and metadata are the application's own words and stay out of logs.</summary>
    public override string ToString() => IsAutomatic ? "automatic" : IsOutOfBand ? "out of band" : "explicit";

    /// <summary>What the machine is asked.</summary>
    /// <param name="request">What the application states; null for nothing.</param>
    /// <param name="argument">The name of the argument that this is, for what is thrown.</param>
    /// <param name="ask">Makes the intent of what is stated.</param>
    /// <exception cref="ArgumentException">A member cannot be written.</exception>
    internal static SessionIntent Ask(ResponseRequest? request, string argument, Func<ResponseParameters?, WhenBusy?, SessionIntent> ask)
    {
        if (request is null)
        {
            return ask(null, null);
        }

        if (request.WhenBusy is { } busy)
        {
            Writable.Known(busy, $"{argument}.{nameof(WhenBusy)}");
        }

        ResponseParameters? parameters = request.ToParameters(argument);
        if (parameters is null || request.Customize is not { } customize)
        {
            return request.Complete(ask(parameters, request.WhenBusy), argument);
        }

        customize(parameters);
        SessionIntent asked;
        try
        {
            asked = ask(parameters, request.WhenBusy);
        }
        catch (ArgumentException refusal)
        {
            // The message ends in the name of a parameter that the application does not know.
            string why = refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", "", StringComparison.Ordinal);
            throw new ArgumentException($"The request as Customize left it cannot be sent. {why}", $"{argument}.{nameof(Customize)}", refusal);
        }

        return request.Complete(asked, argument);
    }

    private SessionIntent Complete(SessionIntent intent, string argument)
    {
        if (Tools is { } tools)
        {
            intent = intent.WithToolTimeouts(ToolList.Timeouts(tools));
        }

        if (Input is not { } input)
        {
            return intent;
        }

        try
        {
            return intent.WithInput(input);
        }
        catch (ArgumentException refusal)
        {
            throw new ArgumentException(refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", "", StringComparison.Ordinal), $"{argument}.{nameof(Input)}", refusal);
        }
    }

    private ResponseParameters? ToParameters(string argument)
    {
        if (IsAutomatic)
        {
            return null;
        }

        Writable.Text(Instructions, $"{argument}.{nameof(Instructions)}");
        var parameters = new ResponseParameters
        {
            Instructions = Instructions is null ? default : new Text(Instructions),
            Metadata = Pairs($"{argument}.{nameof(Metadata)}"),
        };
        if (IsOutOfBand)
        {
            parameters.Conversation = ResponseParametersConversation.None;
        }

        if (Modality is { } modality)
        {
            parameters.OutputModalities = WireValue.Modalities(modality, $"{argument}.{nameof(Modality)}");
        }

        if (MaxOutputTokens is { } tokens)
        {
            parameters.MaxOutputTokens = WireValue.Tokens(tokens, $"{argument}.{nameof(MaxOutputTokens)}");
        }

        if (Voice is { } voice)
        {
            parameters.Audio.Output.Voice = WireValue.Voice(voice, $"{argument}.{nameof(Voice)}");
        }

        if (Tools is { } tools)
        {
            if (ToolList.Servers(tools).Any())
            {
                throw new ArgumentException($"The remote MCP server \"{ToolList.Servers(tools).First().Label}\" cannot be given to one response: its tools have to be listed before a model can call them, and no response waits for that. Add it with UpdateAsync; a response of its own then narrows it with ToolUse.", $"{argument}.{nameof(Tools)}");
            }

            parameters.Tools = ToolList.Declared(tools, $"{argument}.{nameof(Tools)}", McpTokens.None);
        }

        if (ToolUse is { } use)
        {
            parameters.ToolChoice = WireValue.ToolChoice(use, $"{argument}.{nameof(ToolUse)}");
        }

        return parameters;
    }

    private StringMap Pairs(string member)
    {
        if (Metadata is null or { Count: 0 })
        {
            return default;
        }

        KeyValuePair<string, string>[] pairs = [.. Metadata];
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string? key, string? value) in pairs)
        {
            if (key is null || value is null)
            {
                throw new ArgumentException("A key or a value is null.", member);
            }

            if (!keys.Add(key))
            {
                throw new ArgumentException("A key occurs twice; a dictionary of your own compares keys by their characters.", member);
            }

            Writable.Text(key, member);
            Writable.Text(value, member);
        }

        return pairs;
    }
}
