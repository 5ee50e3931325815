using System.Text;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Simulation.Shapes;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Says things that make sense often enough to get somewhere, and breaks them often enough to hurt.</summary>
internal sealed class RandomClient(Random random)
{
    private const int LongestSchedule = 120;

    // A client that knows the schema says what belongs there, and as often what does not.
    private static readonly Dictionary<SimulatedSessionKind, SchemaCase[]> Cases = new()
    {
        [SimulatedSessionKind.Realtime] = SchemaCase.All("realtime"),
        [SimulatedSessionKind.Transcription] = SchemaCase.All("realtime", "transcription"),
        [SimulatedSessionKind.Translation] = SchemaCase.All("translation"),
    };

    private static readonly Dictionary<SimulatedSessionKind, SchemaCase[]> Whole = Cases.ToDictionary(static one => one.Key, static one => one.Value.Where(static one => one.What == "whole").ToArray());

    private static readonly byte[] Loud = Sound.Speech(500);
    private readonly List<string> _items = ["item_nobody", "root"];
    private readonly List<string> _calls = ["call_nobody"];
    private readonly List<string> _responses = ["resp_nobody"];

    /// <summary>Whether the server may decide so that it breaks its own order.</summary>
    public bool Breaks { get; init; }

    /// <summary>Adds what goes wrong in the session.</summary>
    public Func<SimulatorOptions, SimulatorOptions> Faulty { get; init; } = static options => options;

    /// <summary>The paths of client events that stood in something said, with what belongs there: the event's type and the path.</summary>
    public HashSet<string> Vocabulary { get; } = [];

    /// <summary>All that a client can say.</summary>
    public static IEnumerable<string> AllVocabulary => Whole.Values.SelectMany(static cases => cases.Select(Word));

    /// <summary>What was done with the simulator, in order: a message that it received, or none where only time passed, and when.</summary>
    public List<(byte[]? Message, long At)> Script { get; } = [];

    /// <summary>What the simulator was like; set by a run. A model that counts how often it was asked begins anew.</summary>
    public SimulatorOptions Options
    {
        get => field with { Speaker = field.Speaker is RandomModel ? new RandomModel((int)field.Seed) : field.Speaker };
        private set;
    } = new();

    /// <summary>One whole session with a simulator of random options, until everything is at rest.</summary>
    /// <param name="hear">Gets whatever the simulator wants done, in order.</param>
    /// <param name="watcher">Sees what the server says before anything goes wrong on the way; made of what the server is like.</param>
    /// <returns>Whether the connection ended.</returns>
    public bool Run(int seed, Action<SimulatorEffect> hear, Func<SimulatorOptions, ServerGrammar>? watcher = null)
    {
        Options = Faulty(RandomServer.Next(random, seed, Breaks));
        var simulator = new RealtimeServerSimulator(Options) { Watcher = watcher?.Invoke(Options) };
        long now = 0;
        simulator.Connect(now);
        for (int step = random.Next(LongestSchedule); step >= 0; step--)
        {
            now += random.Next(3) == 0 ? random.Next(1_500) : 0;
            Do(simulator, random.Next(4) == 0 ? null : Next(), now);
            Hear(simulator, hear);
        }

        // Detection that counts the user's quiet would never rest.
        Do(simulator, Encoding.UTF8.GetBytes(Update(""" "audio":{"input":{"turn_detection":null}} """)), now);
        Do(simulator, """{"type":"input_audio_buffer.clear"}"""u8.ToArray(), now);
        Do(simulator, null, now + 600_000);
        Hear(simulator, hear);
        return simulator.IsClosed;
    }

    private void Do(RealtimeServerSimulator simulator, byte[]? message, long now)
    {
        Script.Add((message, now));
        if (message is null)
        {
            simulator.Elapse(now);
        }
        else
        {
            simulator.Receive(message, now);
        }
    }

    private byte[] Next()
    {
        byte[] message = Encoding.UTF8.GetBytes(Sentence());
        return random.Next(12) == 0 ? Mutated(message) : message;
    }

    private void Hear(RealtimeServerSimulator simulator, Action<SimulatorEffect> hear)
    {
        while (simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            hear(effect);
            if (effect.Kind == SimulatorEffectKind.Send)
            {
                Remember(effect.Message.Span);
            }
        }
    }

    private void Remember(ReadOnlySpan<byte> message)
    {
        ServerEvent.TryRead(message, out ServerEvent said, out _);
        if (said.TryGetConversationItemAdded(out ConversationItemAddedView added))
        {
            _items.Add(added.Item.Id.ToString());
            _calls.Add(added.Item.TryGetFunctionCall(out FunctionCallItemView call) ? call.CallId.ToString() : "call_nobody");
        }
        else if (said.TryGetResponseCreated(out ResponseCreatedView created))
        {
            _responses.Add(created.Response.Id.ToString());
        }
    }

    private string Sentence()
    {
        bool translates = Options.Kind == SimulatedSessionKind.Translation;
        if (random.Next(translates ? 3 : 8) == 0)
        {
            SchemaCase[] cases = (random.Next(2) == 0 ? Whole : Cases)[Options.Kind];
            SchemaCase one = cases[random.Next(cases.Length)];
            if (one.What == "whole")
            {
                Vocabulary.Add(Word(one));
            }

            return one.Message;
        }

        return translates ? Translated() : Spoken();
    }

    private static string Word(SchemaCase one) => $"{one.Type} {one.Path}";

    private string Translated() => random.Next(6) switch
    {
        0 => """{"type":"session.update","session":{"audio":{"output":{"language":"LANGUAGE"}}}}""".Replace("LANGUAGE", Pick("de", "xx"), StringComparison.Ordinal),
        1 => """{"type":"session.close"}""",
        _ => Speech().Replace("input_audio_buffer", "session.input_audio_buffer", StringComparison.Ordinal),
    };

    private string Spoken() => random.Next(21) switch
    {
        < 5 => Speech(),
        < 7 => """{"type":"input_audio_buffer.commit"}""",
        < 10 => $$"""{"type":"response.create","event_id":"e{{random.Next(100)}}"{{random.Next(5) switch { 0 or 1 => "", 2 => ",\"response\":null", _ => ",\"response\":" + Parameters() }}}}""",
        10 => $$"""{"type":"response.cancel"{{Pick("", $",\"response_id\":\"{Any(_responses)}\"")}}}""",
        11 => $$"""{"type":"conversation.item.truncate","item_id":"{{Any(_items)}}","content_index":{{random.Next(-1, 2)}},"audio_end_ms":{{random.Next(-1, 3_000)}}}""",
        12 => $$"""{"type":"conversation.item.delete","item_id":"{{Any(_items)}}"}""",
        13 => """{"type":"input_audio_buffer.clear"}""",
        14 or 15 => Update(Setting()),
        16 => $$$"""{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"{{{Any(_calls)}}}","output":"x"}}""",
        17 => $$"""{"type":"conversation.item.retrieve","item_id":"{{Any(_items)}}"}""",
        _ => $$"""{"type":"conversation.item.create","previous_item_id":"{{Pick("", Any(_items))}}","item":{{Message()}}}""",
    };

    private string Speech() => SimulatedServer.Append([.. Loud[..(random.Next(Loud.Length / 2) * 2)], .. Sound.Silence(random.Next(400))]);

    private string Update(string setting) => "{\"type\":\"session.update\",\"session\":{\"type\":\"" + (Options.Kind == SimulatedSessionKind.Transcription ? "transcription" : "realtime") + "\"," + setting + "}}";

    private string Message() => random.Next(6) switch
    {
        0 => $$"""{"id":"{{Any(_items)}}","type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}""",
        1 => """{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: clock {\"a\":1}"}]}""",
        2 => $$"""{"type":"message","role":"{{Pick("assistant", "system")}}","content":[{"type":"{{Pick("output_text", "input_text")}}","text":"a 𝄞 b"}]}""",
        3 => $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: docs.{{Pick("search", "broken")}} {}"}]}""",
        4 => $$"""{"type":"mcp_approval_response","approval_request_id":"{{Any(_items)}}","approve":{{Pick("true", "false")}}}""",
        _ => $$"""{"type":"message","role":"user","content":[{"type":"input_audio","audio":"{{Convert.ToBase64String(Loud.AsSpan(0, 4_800))}}"}]}""",
    };

    private string Parameters() => random.Next(7) switch
    {
        0 => """{"output_modalities":["text"]}""",
        1 => """{"conversation":"none","metadata":{"k":"v"}}""",
        2 => $$"""{"max_output_tokens":{{random.Next(0, 30)}}}""",
        3 => """{"audio":{"output":{"format":{"type":"audio/pcmu"}}}}""",
        4 => $$"""{"conversation":"none","input":[{"type":"item_reference","id":"{{Any(_items)}}"}]}""",
        5 => """{"audio":{"output":{"voice":"VOICE"}}}""".Replace("VOICE", Pick("cedar", "nobody"), StringComparison.Ordinal),
        _ => """{"tool_choice":"none","unknown":1}""",
    };

    private string Setting() => random.Next(10) switch
    {
        0 => """ "audio":{"input":{"turn_detection":null}} """,
        1 => Detection($$"""{"type":"server_vad","interrupt_response":{{Pick("true", "false")}},"create_response":{{Pick("true", "false")}}}"""),
        2 => """ "tools":[{"type":"function","name":"clock"}] """,
        3 => "\"audio\":{\"input\":{\"format\":" + Pick("""{"type":"audio/pcm"}""", """{"type":"audio/pcma"}""") + "}}",
        4 => """ "audio":{"output":{"voice":"VOICE"}} """.Replace("VOICE", Pick("marin", "nobody"), StringComparison.Ordinal),
        5 => """ "audio":{"output":{"speed":""" + Pick("1.2", "9") + "}}",
        6 => Detection($$"""{"type":"server_vad","idle_timeout_ms":{{Pick("5000", "10000")}}}"""),
        7 => Detection($$"""{"type":"semantic_vad","eagerness":"{{Pick("high", "low")}}","create_response":{{Pick("true", "false")}}}"""),
        8 => """ "audio":{"input":{"transcription":{"model":"MODEL"}}} """.Replace("MODEL", Pick("whisper-1", "gpt-4o-transcribe-diarize"), StringComparison.Ordinal),
        _ => $$""" "tools":[{"type":"mcp","server_label":"{{Pick("docs", "mail")}}","server_url":"https://mcp.example","require_approval":"{{Pick("always", "never")}}"}] """,
    };

    private static string Detection(string settings) => "\"audio\":{\"input\":{\"turn_detection\":" + settings + "}}";

    private byte[] Mutated(byte[] message)
    {
        switch (random.Next(3))
        {
            case 0:
                return message[..random.Next(message.Length)];
            case 1:
                message[random.Next(message.Length)] = (byte)random.Next(256);
                return message;
            default:
                return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(message).Replace("\"type\":\"", "\"type\":\"x", StringComparison.Ordinal));
        }
    }

    private string Pick(string one, string other) => random.Next(2) == 0 ? one : other;

    private string Any(List<string> ids) => ids[random.Next(ids.Count)];
}
