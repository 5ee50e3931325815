using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>
/// A simulator in a test's hands: it says things to it, lets time pass, and keeps what comes back as JSON. Every server event is read with
/// the generated reader and held against the grammar, whatever the test is about.
/// </summary>
internal sealed class SimulatedServer
{
    private readonly RealtimeServerSimulator _simulator;
    private readonly ServerGrammar _grammar = new();
    private readonly bool _checked;
    private readonly ClientGrammar? _watcher;

    public SimulatedServer(SimulatorOptions? options = null, bool manual = true, bool grammar = true, ClientGrammar? watcher = null)
    {
        _simulator = new(options);
        _checked = grammar;
        _watcher = watcher;
        _simulator.Connect(0);
        Drain();
        if (manual)
        {
            Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""");
            Said.Clear();
        }
    }

    public static SimulatorOptions Immediate { get; } = new() { Pace = ResponsePace.Immediate };

    public long Now { get; private set; }

    public long? Timer { get; private set; }

    public (int Status, string Reason)? Closed { get; private set; }

    /// <summary>What the server said since the list was last cleared.</summary>
    public List<JsonObject> Said { get; } = [];

    public IReadOnlyList<string> Types => [.. Said.Select(static said => (string)said["type"]!)];

    /// <summary>What a refusal leaves as it was: the session's settings, and the conversation's items.</summary>
    public string Snapshot
    {
        get
        {
            string greeting = Encoding.UTF8.GetString(_simulator.Greeting());
            return $"{greeting[greeting.IndexOf("\"session\":", StringComparison.Ordinal)..]} {string.Join(' ', _simulator.Conversation.Items.Select(static item => item.Id))}";
        }
    }

    public JsonObject Last => Said[^1];

    public JsonObject The(string type) => Said.Single(said => (string)said["type"]! == type);

    public IEnumerable<JsonObject> All(string type) => Said.Where(said => (string)said["type"]! == type);

    public static string Append(byte[] audio) => $$"""{"type":"input_audio_buffer.append","audio":"{{Convert.ToBase64String(audio)}}"}""";

    public SimulatedServer Say(string json) => Say(Encoding.UTF8.GetBytes(json));

    public SimulatedServer Say(ReadOnlySpan<byte> message)
    {
        _watcher?.AcceptClient(message, Now);
        _simulator.Receive(message, Now);
        Drain();
        return this;
    }

    /// <summary>Says something and gives what came back because of it.</summary>
    public IReadOnlyList<JsonObject> Ask(string json)
    {
        int before = Said.Count;
        Say(json);
        return Said[before..];
    }

    /// <summary>Says something that is refused, and gives the error.</summary>
    public JsonNode Refusal(string json)
    {
        JsonObject answer = Assert.Single(Ask(json));
        Assert.Equal("error", (string)answer["type"]!);
        return answer["error"]!;
    }

    /// <summary>Lets time pass, waking the simulator whenever it asked for it.</summary>
    public SimulatedServer Wait(int milliseconds)
    {
        long end = Now + milliseconds;
        while (Timer is { } at && at <= end)
        {
            Now = Math.Max(Now, at);
            Timer = null;
            _simulator.Elapse(Now);
            Drain();
        }

        Now = end;
        return this;
    }

    /// <summary>Speaks, commits and asks for an answer.</summary>
    public SimulatedServer TakeTurn(byte[] audio, string create = """{"type":"response.create"}""") =>
        Say(Append(audio)).Say("""{"type":"input_audio_buffer.commit"}""").Say(create);

    /// <summary>All audio that was sent, in order.</summary>
    public byte[] Audio() => [.. All("response.output_audio.delta").SelectMany(static delta => Convert.FromBase64String((string)delta["delta"]!))];

    private void Drain()
    {
        while (_simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            switch (effect.Kind)
            {
                case SimulatorEffectKind.Send:
                    Take(effect.Message.Span);
                    break;
                case SimulatorEffectKind.SetTimer:
                    Timer = effect.At;
                    break;
                case SimulatorEffectKind.Close:
                    Closed = (effect.CloseStatus, effect.CloseReason);
                    break;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        if (_checked)
        {
            Assert.True(_grammar.Accept(message), string.Join('\n', _grammar.Violations));
        }

        _watcher?.AcceptServer(message, Now);
        Said.Add(JsonNode.Parse(message)!.AsObject());
    }
}
