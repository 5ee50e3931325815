using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>The tables: every object of a scenario, one row a member. Whoever adds a member adds one row, and file, builder and schema have it.</summary>
internal static class ScenarioShapes
{
    // Static fields come to be in the order in which they stand, so what is used stands before what uses it.
    private static readonly DelayCodec Span = new();
    private static readonly DelayCodec ChunkLength = new(1, 60_000, ", from a millisecond to a minute");
    private static readonly MomentCodec When = new();
    private static readonly WordingCodec Text = new();
    private static readonly string[] BeforeTurns = ["created", "auto", "transcription"];
    private static readonly FormCodec McpTool = new("the label of an MCP server and the name of its tool, as \"docs.search\"", "^[^.]+[.].+$");

    public static readonly ObjectCodec<ModelFailure> Failure = new ObjectCodec<ModelFailure>("failure", "a failure", new("server_error", ""))
        .With("type", "The class of the error; server_error where nothing is said.", new TextCodec(mayBeEmpty: false), static failure => failure.Type == "server_error" ? null : failure.Type, static (failure, type) => failure with { Type = type })
        .With("code", "The error, such as inference_rate_limit_exceeded.", new TextCodec(mayBeEmpty: false), static failure => failure.Code, static (failure, code) => failure with { Code = code })
        .With("message", "A sentence; left out where nothing is said.", new TextCodec(), static failure => failure.Message, static (failure, message) => failure with { Message = message })
        .With("param", "The path of the member that is to blame.", new TextCodec(mayBeEmpty: false), static failure => failure.Param, static (failure, param) => failure with { Param = param })
        .Check(static (failure, at) => failure.Code.Length == 0 ? throw at.Fault("A failure has a \"code\".") : failure, static schema => schema["required"] = new JsonArray("code"));

    public static readonly ObjectCodec<Pace> Pace = new ObjectCodec<Pace>("pace", "a pace", new())
        .With("created", "From response.create to response.created.", Span, static pace => pace.Created, static (pace, span) => pace with { Created = span })
        .With("item", "From response.created to the first item; with its first delta where nothing is said.", Span, static pace => pace.Item, static (pace, span) => pace with { Item = span })
        .With("firstDelta", "From response.created to the first delta.", Span, static pace => pace.FirstDelta, static (pace, span) => pace with { FirstDelta = span })
        .With("chunk", "How much speech one delta carries.", ChunkLength, static pace => pace.Chunk, static (pace, span) => pace with { Chunk = span })
        .With("speed", "How much faster than real time speech is made.", new SpeedCodec(), static pace => pace.Speed, static (pace, speed) => pace with { Speed = speed })
        .With("textDelta", "Between two deltas of a text or of the arguments of a call.", Span, static pace => pace.TextDelta, static (pace, span) => pace with { TextDelta = span })
        .With("closers", "From the last delta of an item to the events that close it.", Span, static pace => pace.Closers, static (pace, span) => pace with { Closers = span })
        .With("auto", "From the end of detected speech to the response that the server begins by itself.", Span, static pace => pace.Auto, static (pace, span) => pace with { Auto = span })
        .With("transcription", "From the commit of the user's speech to the first event of its transcription.", Span, static pace => pace.Transcription, static (pace, span) => pace with { Transcription = span });

    private static readonly ObjectCodec<SimulatedSegment> Segment = new ObjectCodec<SimulatedSegment>("segment", "what one speaker said", new("", ""))
        .With("speaker", "The label of the speaker, such as A.", new TextCodec("the label of a speaker", mayBeEmpty: false), static segment => segment.Speaker, static (segment, speaker) => segment with { Speaker = speaker })
        .With("text", "The words.", new TextCodec("words", mayBeEmpty: false), static segment => segment.Text, static (segment, text) => segment with { Text = text })
        .Check(static (segment, at) => segment.Speaker.Length == 0 || segment.Text.Length == 0 ? throw at.Fault("A segment has a \"speaker\" and a \"text\".") : segment, static schema => schema["required"] = new JsonArray("speaker", "text"));

    private static readonly ObjectCodec<SpokenSpan> SpokenSpan = new ObjectCodec<SpokenSpan>("spoken", "a stretch of sound", default)
        .With("from", "Where it begins.", new InstantCodec(), static span => (long?)span.FromMs, static (span, from) => span with { FromMs = from })
        .With("to", "Where it ends.", new InstantCodec(), static span => (long?)span.ToMs, static (span, to) => span with { ToMs = to })
        .Check(
            static (span, at) => at.Find("from") is not null && span.ToMs > span.FromMs ? span : throw at.Fault("A stretch of sound has a \"from\" and, behind it, a \"to\"."),
            static schema => schema["required"] = new JsonArray("from", "to"));

    public static readonly ObjectCodec<SimulatedTranscript> Heard = new ObjectCodec<SimulatedTranscript>("heard", "what was heard", new(""))
        .With("text", "What the user said.", new TextCodec(), static heard => heard.Text.Length > 0 ? heard.Text : null, static (heard, text) => heard with { Text = text })
        .With("pieces", "How the text is cut into deltas: into so many, 0 for none at all, or the pieces themselves; into words where nothing is said.", new PiecesCodec(), static heard => heard.Pieces, static (heard, pieces) => heard with { Pieces = pieces })
        .With("after", "When the first event of the transcription comes, counted from the commit.", When, static heard => heard.After, static (heard, after) => heard with { After = after })
        .With("every", "From one delta to the next.", Span, static heard => heard.Every, static (heard, every) => heard with { Every = every })
        .With("never", "No event of the transcription ever comes.", new FlagCodec(), static heard => heard.Never ? true : null, static (heard, never) => heard with { Never = never })
        .With("fail", "The transcription fails, behind the deltas of the text.", Failure, static heard => heard.Failure, static (heard, failure) => heard with { Failure = failure })
        .With("language", "The code of the language that was heard, such as en.", new TextCodec("the code of a language", mayBeEmpty: false), static heard => heard.Language, static (heard, language) => heard with { Language = language })
        .With("segments", "Who said what, where several speak; together the text, which then need not be there.", new ListCodec<SimulatedSegment>(Segment, "a list of what each speaker said"), static heard => heard.Segments, static (heard, segments) => heard with { Segments = segments })
        .With("spoken", "Where the turn is spoken, in sound from the beginning of the session; of a session whose \"vad\" is \"scripted\".", SpokenSpan, static heard => heard.Spoken, static (heard, span) => heard with { Spoken = span })
        .With("early", "It comes whole with the commit, before its item is in the conversation.", new FlagCodec(), static heard => heard.Early ? true : null, static (heard, early) => heard with { Early = early })
        .Check(static (heard, at) => PiecesCodec.Cut(SegmentsOf(heard, at), at), static schema => schema["allOf"] = new JsonArray(Not("never", "fail"), Not("early", "never"), Not("early", "after"), Not("early", "every")));

    public static readonly Codec<IReadOnlyList<SimulatedTranscript>> Hears = new ListCodec<SimulatedTranscript>(new HeardCodec(), "a list of what the user says, one entry a spoken turn");

    public static readonly ObjectCodec<SimulatedMcpTool> Tool = new ObjectCodec<SimulatedMcpTool>("mcpTool", "an MCP tool", new(""))
        .With("name", "Its name.", new TextCodec(mayBeEmpty: false), static tool => tool.Name, static (tool, name) => tool with { Name = name })
        .With("description", "What it is for.", new TextCodec(), static tool => tool.Description, static (tool, description) => tool with { Description = description })
        .With("inputSchema", "The JSON Schema of its arguments.", new RawCodec("a JSON Schema"), static tool => tool.InputSchema == SimulatedMcpTool.AnyObject ? null : tool.InputSchema, static (tool, schema) => tool with { InputSchema = schema })
        .With("output", "What each call returns; Done. where nothing is said.", new TextCodec(), static tool => tool.Output == SimulatedMcpTool.DefaultOutput ? null : tool.Output, static (tool, output) => tool with { Output = output })
        .With("error", "The message with which each call fails.", new TextCodec(), static tool => tool.Error, static (tool, error) => tool with { Error = error })
        .With("runsFor", "How long a call takes.", Span, static tool => tool.RunsFor == SimulatedMcpTool.DefaultRunsFor ? (Delay?)null : tool.RunsFor, static (tool, span) => tool with { RunsFor = span })
        .Check(static (tool, at) => tool.Name.Length == 0 ? throw at.Fault("An MCP tool has a \"name\".") : tool, static schema => schema["required"] = new JsonArray("name"));

    public static readonly ObjectCodec<SimulatedMcpServer> Server = new ObjectCodec<SimulatedMcpServer>("mcpServer", "an MCP server", new("", []))
        .With("tools", "What it offers.", new ListCodec<SimulatedMcpTool>(Tool, "a list of tools"), static server => server.Tools.Count > 0 ? server.Tools : null, static (server, tools) => server with { Tools = tools })
        .With("listAfter", "From mcp_list_tools.in_progress to the end of the listing.", Span, static server => server.ListAfter == SimulatedMcpServer.DefaultListAfter ? (Delay?)null : server.ListAfter, static (server, span) => server with { ListAfter = span })
        .With("listFails", "The listing ends with mcp_list_tools.failed.", new FlagCodec(), static server => server.ListFails ? true : null, static (server, fails) => server with { ListFails = fails });

    public static readonly Codec<IReadOnlyList<KeyValuePair<string, SimulatedMcpServer>>> Servers = new MapCodec<SimulatedMcpServer>(Server, "MCP servers by their label");

    public static readonly ObjectCodec<Cue> Cue = new ObjectCodec<Cue>("when", "a cue", Scenarios.Cue.Any)
        .With("turn", "It is this response of the conversation, or one of these, counted on each connection from 1.", new TurnNumbersCodec(), static cue => cue.Turns.Count > 0 ? cue.Turns : null, static (cue, turns) => cue with { Turns = turns })
        .With("connection", "It is this connection of the server, from 1.", new WholeCodec(1, int.MaxValue), static cue => cue.Number, static (cue, number) => cue with { Number = number })
        .With("cause", "The client asked for the response, or the server began it after speech, or because nobody said anything.", new ChoiceCodec<ResponseCause>(("client", ResponseCause.Client), ("speech", ResponseCause.Speech), ("idle", ResponseCause.Idle)), static cue => cue.Cause, static (cue, cause) => cue with { Cause = cause })
        .With("user", "The user wrote or said these words since the model last said or called something.", Text, static cue => cue.User, static (cue, words) => cue with { User = words })
        .With("spoke", "The user spoke, or did not.", new FlagCodec(), static cue => cue.Spoke, static (cue, spoke) => cue with { Spoke = spoke })
        .With("image", "The user showed a picture, or did not.", new FlagCodec(), static cue => cue.Image, static (cue, image) => cue with { Image = image })
        .With("instructions", "The instructions have these words.", Text, static cue => cue.Prompt, static (cue, words) => cue with { Prompt = words })
        .With("toolOutput", "A function returned; with words, it returned them.", new ToolOutputCodec(), static cue => cue.ToolOutputs.Count > 0 ? cue.ToolOutputs : null, static (cue, outputs) => cue with { ToolOutputs = outputs })
        .With("mcpResult", "An MCP tool returned or failed.", McpTool, static cue => cue.McpResult, static (cue, tool) => cue with { McpResult = tool })
        .With("mcpDenied", "The user did not allow a call of this MCP tool.", McpTool, static cue => cue.McpRefusal, static (cue, tool) => cue with { McpRefusal = tool })
        .With("metadata", "The metadata of the response has these values.", new MapCodec<Wording>(Text, "names with words of their value"), static cue => cue.Metadata.Count > 0 ? cue.Metadata : null, static (cue, metadata) => cue with { Metadata = metadata })
        .With("outOfBand", "It is a response outside the conversation; where nothing is said, it is not.", new FlagCodec(), static cue => cue.Outside, static (cue, outside) => cue with { Outside = outside })
        .Check(static (cue, at) => at.Members.Count == 0 ? throw at.Fault("A cue says at least one thing; leave \"when\" out for a turn that answers once, whatever is asked.") : cue, static schema => schema["minProperties"] = 1);

    private static readonly ObjectCodec<ScenarioStep> Part = new ObjectCodec<ScenarioStep>("part", "a part of a message", new())
        .With("say", "Speaks; where the session wants text, writes.", new TextCodec(), static step => step.Say, static (step, words) => step with { Say = words })
        .With("audio", "What the words sound like.", new SoundCodec(), static step => step.Audio, static (step, sound) => step with { Audio = sound })
        .With("write", "Writes, whatever the session wants.", new TextCodec(), static step => step.Write, static (step, words) => step with { Write = words })
        .Check(StepVerbs.CheckPart, StepVerbs.PartSchema);

    public static readonly ObjectCodec<ScenarioStep> Step = new ObjectCodec<ScenarioStep>("step", "a step", new())
        .With("say", "Speaks; where the session wants text, writes.", new TextCodec(), static step => step.Say, static (step, words) => step with { Say = words })
        .With("audio", "What the words sound like.", new SoundCodec(), static step => step.Audio, static (step, sound) => step with { Audio = sound })
        .With("write", "Writes, whatever the session wants.", new TextCodec(), static step => step.Write, static (step, words) => step with { Write = words })
        .With("parts", "Makes one message of several parts, each of them spoken or written.", new ListCodec<ScenarioStep>(Part, "a list of parts"), static step => step.Parts, static (step, parts) => step with { Parts = parts })
        .With("call", "Calls the function of this name.", new TextCodec("the name of a function", mayBeEmpty: false), static step => step.Call, static (step, name) => step with { Call = name })
        .With("mcp", "Calls a tool of an MCP server; where the session asks for an approval, asks for it.", McpTool, static step => step.Mcp, static (step, tool) => step with { Mcp = tool })
        .With("arguments", "The arguments of the call: an object, or a text that is passed on to the letter.", new RawCodec("an object, or a text that is passed on to the letter", mayBeText: true), static step => step.Arguments, static (step, arguments) => step with { Arguments = arguments })
        .With("callId", "The id of the call; one is made where nothing is said.", new TextCodec(mayBeEmpty: false), static step => step.CallId, static (step, id) => step with { CallId = id })
        .With("output", "What this call returns.", new TextCodec(mayBeEmpty: false), static step => step.Output, static (step, output) => step with { Output = output })
        .With("error", "The message of the error with which this call fails.", new TextCodec(mayBeEmpty: false), static step => step.Error, static (step, error) => step with { Error = error })
        .With("runsFor", "How long this call takes.", Span, static step => step.RunsFor, static (step, span) => step with { RunsFor = span })
        .With("wait", "Does nothing, for so long.", Span, static step => step.Wait, static (step, span) => step with { Wait = span })
        .With("fail", "The response fails; the item before stays incomplete.", Failure, static step => step.Fail, static (step, failure) => step with { Fail = failure })
        .With("incomplete", "The response ends before it is whole; the item before stays incomplete.", new ChoiceCodec<IncompleteReason>(("max_output_tokens", IncompleteReason.MaxOutputTokens), ("content_filter", IncompleteReason.ContentFilter)), static step => step.Incomplete, static (step, reason) => step with { Incomplete = reason })
        .With("send", "Sends this event as it stands.", new RawCodec("an event, which is an object with a \"type\"", needed: "type"), static step => step.Send, static (step, json) => step with { Send = json })
        .With("close", "Ends the connection with this WebSocket status; 1006 drops it without a goodbye.", new CloseCodec(), static step => step.Close, static (step, status) => step with { Close = status })
        .With("reason", "One sentence with the status.", new TextCodec(), static step => step.Reason, static (step, reason) => step with { Reason = reason })
        .With("after", "Before the step begins.", When, static step => step.Pace.After, static (step, after) => step with { Pace = step.Pace with { After = after } })
        .With("item", "From the beginning of the step to its item; with its first delta where nothing is said.", Span, static step => step.Pace.Item, static (step, span) => step with { Pace = step.Pace with { Item = span } })
        .With("firstDelta", "From the beginning of the step to its first delta.", Span, static step => step.Pace.FirstDelta, static (step, span) => step with { Pace = step.Pace with { FirstDelta = span } })
        .With("chunk", "How much speech one delta carries.", ChunkLength, static step => step.Pace.Chunk, static (step, span) => step with { Pace = step.Pace with { Chunk = span } })
        .With("every", "From one delta to the next, whatever it carries.", Span, static step => step.Pace.Every, static (step, span) => step with { Pace = step.Pace with { Every = span } })
        .With("overlap", "Runs beside the step before it, delta by delta in turn.", new FlagCodec(), static step => step.Overlap ? true : null, static (step, overlap) => step with { Overlap = overlap })
        .Check(StepVerbs.Check, StepVerbs.Schema);

    public static readonly ListCodec<ScenarioStep> Steps = new(Step, "a list of steps");

    public static readonly ObjectCodec<ScenarioTurn> Turn = new ObjectCodec<ScenarioTurn>("turn", "a turn", new())
        .With("when", "When it answers; without it once, whatever is asked.", Cue, static turn => turn.When, static (turn, cue) => turn with { When = cue })
        .With("times", "How often it answers on a connection.", new WholeCodec(1, int.MaxValue), static turn => turn.Times, static (turn, times) => turn with { Times = times })
        .With("pace", "Where this turn is faster or slower than the scenario.", Pace, static turn => turn.Pace, static (turn, pace) => turn with { Pace = pace })
        .With("do", "What it does, in order.", Steps, static turn => turn.Refuse is null ? turn.Do : null, static (turn, steps) => turn with { Do = steps })
        .With("refuse", "In place of steps: the response is refused with this error, and never was.", Failure, static turn => turn.Refuse, static (turn, refusal) => turn with { Refuse = refusal })
        .Check(Checked, static schema =>
        {
            schema["oneOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray("do") }, new JsonObject { ["required"] = new JsonArray("refuse") });
            schema["dependencies"] = new JsonObject { ["pace"] = new JsonArray("do") };
            schema["properties"]!["pace"]!["propertyNames"] = new JsonObject { ["not"] = new JsonObject { ["enum"] = new JsonArray([.. BeforeTurns.Select(static name => (JsonNode)name)]) } };
        });

    private static SimulatedTranscript SegmentsOf(SimulatedTranscript heard, Located at)
    {
        if (heard.Segments is not { } segments || at.Find("segments") is not { } place)
        {
            return heard;
        }

        if (segments.Count == 0)
        {
            throw place.Fault("A list of segments has at least one; leave \"segments\" out for none.");
        }

        string together = string.Join(' ', segments.Select(static segment => segment.Text));
        return at.Find("text") is null ? heard with { Text = together }
            : Letters(together) == Letters(heard.Text) ? heard
            : throw place.Fault("The segments together are not the text.");

        static string Letters(string text) => string.Concat(text.Where(static letter => !char.IsWhiteSpace(letter)));
    }

    private static JsonObject Not(string member, string other) => new() { ["not"] = new JsonObject { ["required"] = new JsonArray(member, other) } };

    private static ScenarioTurn Checked(ScenarioTurn turn, Located at)
    {
        if (at.Find("refuse") is not null)
        {
            return at.Members.FirstOrDefault(static member => member.Name is "do" or "pace") is { Name: not null } other
                ? throw at.Fault(other, $"A turn that refuses makes nothing, so that \"{other.Name}\" would do nothing; take it out.")
                : turn;
        }

        if (at.Find("do") is not { } steps)
        {
            throw at.Fault("A turn has a list of steps in \"do\", or an error in \"refuse\".");
        }

        foreach (LocatedMember member in at.Find("pace")?.Members ?? [])
        {
            if (BeforeTurns.Contains(member.Name))
            {
                throw at.Fault(member, $"\"{member.Name}\" comes before it is known which turn answers; it belongs to the scenario's \"pace\".");
            }
        }

        StepVerbs.CheckOrder(turn.Do, steps);
        return turn;
    }
}

/// <summary>What the user said: a text, or an object.</summary>
internal sealed class HeardCodec : Codec<SimulatedTranscript>
{
    public override string What => "a text, or an object";

    public override SimulatedTranscript Read(Located at, string name) => at.Kind switch
    {
        JsonValueKind.String => new(at.Text),
        JsonValueKind.Object => ScenarioShapes.Heard.Read(at, name),
        _ => throw Unfit(at, name),
    };

    public override void Write(Utf8JsonWriter to, SimulatedTranscript value)
    {
        if (value == new SimulatedTranscript(value.Text))
        {
            to.WriteStringValue(value.Text);
        }
        else
        {
            ScenarioShapes.Heard.Write(to, value);
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, ScenarioShapes.Heard.Schema(definitions)) };
}

/// <summary>How a text is cut: into so many pieces, or the pieces themselves. A number needs the text, so it is cut when the whole object was read.</summary>
internal sealed class PiecesCodec : Codec<IReadOnlyList<string>>
{
    private const int Most = 10_000;

    private static readonly ListCodec<string> Written = new(new TextCodec("a piece of the text, which is not empty", mayBeEmpty: false), "a list of pieces", Most);

    public override string What => "a number of pieces from 0 to 10000, or a list of them";

    public override IReadOnlyList<string> Read(Located at, string name) =>
        at.Kind == JsonValueKind.Array ? Written.Read(at, name)
        : at.TryInteger(out long number) && number is >= 0 and <= Most ? []
        : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, IReadOnlyList<string> value)
    {
        if (value.Count == 0)
        {
            to.WriteNumberValue(0);
        }
        else
        {
            Written.Write(to, value);
        }
    }

    public override JsonObject Schema(JsonObject definitions) => new() { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = Most }, Written.Schema(definitions)) };

    /// <summary>Looks at the pieces once the text is known.</summary>
    public static SimulatedTranscript Cut(SimulatedTranscript heard, Located at)
    {
        if (heard.Never && heard.Failure is not null)
        {
            throw at.Fault(at.Members.Last(static member => member.Name is "never" or "fail"), "A transcription that never comes cannot fail; it is one or the other.");
        }

        if (heard.Early && at.Members.FirstOrDefault(static member => member.Name is "never" or "after" or "every") is { Name: not null } late)
        {
            throw at.Fault(late, $"What is early comes with the commit; \"{late.Name}\" says something else.");
        }

        if (at.Find("pieces") is not { } pieces)
        {
            return heard;
        }

        if (pieces.TryInteger(out long number))
        {
            return number <= heard.Text.Length ? heard with { Pieces = Cut(heard.Text, (int)number) }
                : throw pieces.Fault($"A text of {heard.Text.Length} characters has no {number} pieces.");
        }

        return string.Concat(heard.Pieces!) == heard.Text ? heard : throw pieces.Fault("The pieces together are not the text.");
    }

    /// <summary>Cuts a text into so many pieces of about the same size, between words where there are enough of them.</summary>
    public static IReadOnlyList<string> Cut(string text, int count)
    {
        IReadOnlyList<Range> units = ResponsePlan.Words(text);
        if (units.Count < count)
        {
            // Whole characters: half a surrogate pair is no text. What is left of the wish then is as many pieces as there are.
            units = [.. Enumerable.Range(0, text.Length).Where(i => !char.IsLowSurrogate(text[i]) || i == 0 || !char.IsHighSurrogate(text[i - 1]))
                .Select(i => i..(i + (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1)))];
        }

        int pieces = Math.Min(count, units.Count);
        return [.. Enumerable.Range(0, pieces).Select(i => text[units[i * units.Count / pieces].Start..units[((i + 1) * units.Count / pieces) - 1].End])];
    }
}

/// <summary>A status that a WebSocket can close with.</summary>
internal sealed class CloseCodec : Codec<int>
{
    private static readonly (int First, int Last)[] Statuses = [(1000, 1003), (1006, 1014), (3000, 4999)];

    public override string What => "a WebSocket status: 1000 to 1003, 1006 to 1014, or 3000 to 4999";

    public override int Read(Located at, string name) => at.TryInteger(out long status) && IsStatus(status) ? (int)status : throw Unfit(at, name);

    public override void Write(Utf8JsonWriter to, int value) => to.WriteNumberValue(value);

    public override JsonObject Schema(JsonObject definitions) => new()
    {
        ["type"] = "integer",
        ["anyOf"] = new JsonArray([.. Statuses.Select(static range => (JsonNode)new JsonObject { ["minimum"] = range.First, ["maximum"] = range.Last })]),
    };

    private static bool IsStatus(long status) => Array.Exists(Statuses, range => status >= range.First && status <= range.Last);
}
