using System.Text;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Says things that make sense often enough to get somewhere, and breaks them often enough to hurt.</summary>
internal sealed class RandomClient(Random random)
{
    private const int LongestSchedule = 120;

    private static readonly byte[] Loud = Sound.Speech(500);
    private readonly List<string> _items = ["item_nobody", "root"];
    private readonly List<string> _calls = ["call_nobody"];
    private readonly List<string> _responses = ["resp_nobody"];

    /// <summary>What goes wrong in the session.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>What the session is for.</summary>
    public SimulatedSessionKind Kind { get; init; }

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
    public void Run(int seed, Action<SimulatorEffect> hear)
    {
        Options = new SimulatorOptions
        {
            Seed = (ulong)seed,
            Kind = Kind,
            Pace = random.Next(3) == 0 ? ResponsePace.Immediate : new ResponsePace { AudioSpeed = random.Next(1, 20) },
            Service = RandomSwitches.Next(random),
            Speaker = random.Next(2) == 0 ? new EchoModel() : new RandomModel(seed),
            Faults = Faults,
        };
        var simulator = new RealtimeServerSimulator(Options);
        long now = 0;
        simulator.Connect(now);
        for (int step = random.Next(LongestSchedule); step >= 0; step--)
        {
            now += random.Next(3) == 0 ? random.Next(1_500) : 0;
            Do(simulator, random.Next(4) == 0 ? null : Next(), now);
            Hear(simulator, hear);
        }

        Do(simulator, """{"type":"input_audio_buffer.clear"}"""u8.ToArray(), now);
        Do(simulator, null, now + 600_000);
        Hear(simulator, hear);
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

    private string Sentence() => random.Next(20) switch
    {
        < 5 => SimulatedServer.Append([.. Loud[..(random.Next(Loud.Length / 2) * 2)], .. Sound.Silence(random.Next(400))]),
        < 7 => """{"type":"input_audio_buffer.commit"}""",
        < 10 => $$"""{"type":"response.create","event_id":"e{{random.Next(100)}}"{{Pick("", ",\"response\":" + Parameters())}}}""",
        10 => $$"""{"type":"response.cancel"{{Pick("", $",\"response_id\":\"{Any(_responses)}\"")}}}""",
        11 => $$"""{"type":"conversation.item.truncate","item_id":"{{Any(_items)}}","content_index":{{random.Next(-1, 2)}},"audio_end_ms":{{random.Next(-1, 3_000)}}}""",
        12 => $$"""{"type":"conversation.item.delete","item_id":"{{Any(_items)}}"}""",
        13 => """{"type":"input_audio_buffer.clear"}""",
        14 => "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\"," + Setting() + "}}",
        15 => $$$"""{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"{{{Any(_calls)}}}","output":"x"}}""",
        _ => $$"""{"type":"conversation.item.create","previous_item_id":"{{Pick("", Any(_items))}}","item":{{Message()}}}""",
    };

    private string Message() => random.Next(4) switch
    {
        0 => $$"""{"id":"{{Any(_items)}}","type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}""",
        1 => """{"type":"message","role":"user","content":[{"type":"input_text","text":"tool: clock {\"a\":1}"}]}""",
        2 => $$"""{"type":"message","role":"{{Pick("assistant", "system")}}","content":[{"type":"{{Pick("output_text", "input_text")}}","text":"a 𝄞 b"}]}""",
        _ => $$"""{"type":"message","role":"user","content":[{"type":"input_audio","audio":"{{Convert.ToBase64String(Loud.AsSpan(0, 4_800))}}"}]}""",
    };

    private string Parameters() => random.Next(6) switch
    {
        0 => """{"output_modalities":["text"]}""",
        1 => """{"conversation":"none","metadata":{"k":"v"}}""",
        2 => $$"""{"max_output_tokens":{{random.Next(0, 30)}}}""",
        3 => """{"audio":{"output":{"format":{"type":"audio/pcmu"}}}}""",
        4 => $$"""{"conversation":"none","input":[{"type":"item_reference","id":"{{Any(_items)}}"}]}""",
        _ => """{"tool_choice":"none","unknown":1}""",
    };

    private string Setting() => random.Next(5) switch
    {
        0 => """ "audio":{"input":{"turn_detection":null}} """,
        1 => "\"audio\":{\"input\":{\"turn_detection\":" + $$"""{"type":"server_vad","interrupt_response":{{Pick("true", "false")}},"create_response":{{Pick("true", "false")}}}""" + "}}",
        2 => """ "tools":[{"type":"function","name":"clock"}] """,
        3 => "\"audio\":{\"input\":{\"format\":" + Pick("""{"type":"audio/pcm"}""", """{"type":"audio/pcma"}""") + "}}",
        _ => """ "voice":"marin" """,
    };

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
