using System.Text;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Tests.Lifecycle.Schedules;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>
/// The simulator as the server of a schedule. It goes by time and by sound where <see cref="SmallServer"/> goes by moves: the user's speech is audio that it detects, and its answers come at their
/// pace. What the link's troubles change in its messages is changed here, since the simulator has no switch for them.
/// </summary>
internal sealed class SimulatedScheduleServer : IScheduleServer
{
    // The codes with which a server answers a client that has done nothing wrong: both were under way at the same moment.
    private static readonly string[] Races = ["conversation_already_has_active_response", "response_cancel_not_active", "input_audio_buffer_commit_empty", "cannot_update_voice"];

    private static readonly byte[] Loud = Encoding.UTF8.GetBytes(SimulatedServer.Append(Sound.Speech(60)));
    private static readonly byte[] Quiet = Encoding.UTF8.GetBytes(SimulatedServer.Append(Sound.Silence(240)));

    private readonly RealtimeServerSimulator _simulator;
    private readonly Queue<byte[]> _toClient = new();
    private readonly bool _takesTurns;
    private readonly Trouble _trouble;
    private bool _userSpeaks;
    private long? _due;
    private long _now;

    public SimulatedScheduleServer(Tape tape, bool takesTurns, bool echoesMetadata, Trouble trouble)
    {
        (_takesTurns, _trouble) = (takesTurns, trouble);
        _simulator = new RealtimeServerSimulator(new SimulatorOptions
        {
            Speaker = new TapeModel(tape, trouble.HasFlag(Trouble.OtherService)),
            Pace = tape.OnceIn(4) ? ResponsePace.Immediate : new ResponsePace
            {
                Acknowledgement = TimeSpan.FromMilliseconds(2),
                FirstDelta = TimeSpan.FromMilliseconds(2),
                AudioSpeed = 30,
                TextDelta = TimeSpan.FromMilliseconds(1),
                AutomaticResponse = TimeSpan.FromMilliseconds(3),
            },
            Transcripts = [.. Enumerable.Range(0, 8).Select(_ => Transcript(tape))],
            McpServers = [Almanac(listFails: tape.OnceIn(3))],
            SessionLifetime = TimeSpan.FromDays(7),
            Service = (trouble.HasFlag(Trouble.OtherService) ? RandomSwitches.Next(new Random(tape.Next(1 << 15))) : new()) with
            {
                LateDeltas = tape.Next(3),
                EchoMetadata = echoesMetadata,
                ErrorsNameTheirEvent = !trouble.HasFlag(Trouble.IdlessErrors),
            },
        });
        _simulator.Connect(0);
        Collect();
        if (!takesTurns)
        {
            Receive("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}"""u8, 0);
        }

        if (tape.OnceIn(2))
        {
            Receive("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}}"""u8, 0);
        }
    }

    public string? Fault { get; private set; }

    public IEnumerable<string> Items => _simulator.Conversation.Items.Select(static item => item.Id);

    public bool LostRequests => false;

    public bool IsBusy => _userSpeaks || _due < _now + 60_000;

    public void Receive(ReadOnlySpan<byte> message, long now)
    {
        _now = now;
        _simulator.Receive(message, now);
        Collect();
    }

    public void Advance(long now)
    {
        _now = now;
        _simulator.Elapse(now);
        Collect();
    }

    public void Speak(long now)
    {
        if (_takesTurns)
        {
            _userSpeaks = !_userSpeaks;
            Receive(_userSpeaks ? Loud : Quiet, now);
        }
    }

    public void Finish(long now)
    {
        if (_userSpeaks)
        {
            Speak(now);
        }
    }

    public byte[]? TakeMessage() => _toClient.TryDequeue(out byte[]? message) ? message : null;

    private void Collect()
    {
        while (_simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            switch (effect.Kind)
            {
                case SimulatorEffectKind.Send:
                    Send(effect.Message.ToArray());
                    break;
                case SimulatorEffectKind.SetTimer:
                    _due = effect.At;
                    break;
            }
        }
    }

    private void Send(byte[] message)
    {
        FrameGlance said = FrameGlance.Of(message);
        if (said.Type == "error" && !Races.Contains(said.Code) && !said.Answers.StartsWith("own_", StringComparison.Ordinal) && !(_takesTurns && IsAboutSpeed(message)) && !IsADecision(message))
        {
            Fault ??= $"{said.Code}: {Encoding.UTF8.GetString(message)}";
        }

        if (said.Type == "conversation.item.done" && _trouble.HasFlag(Trouble.NoItemDone))
        {
            return;
        }

        _toClient.Enqueue(_trouble.HasFlag(Trouble.NullConversation) && said.Type is "response.created" or "response.done" ? WithoutConversation(message) : message);
    }

    /// <summary>Where the server takes the turns, a response of its own may begin while another speed is on its way.</summary>
    private static bool IsAboutSpeed(byte[] error) => error.AsSpan().IndexOf("\"param\":\"session.audio.output.speed\""u8) >= 0;

    /// <summary>What no client can know before: that this server refuses something that others take, or has less sound than it sent.</summary>
    private bool IsADecision(byte[] error) => _trouble.HasFlag(Trouble.OtherService)
        && (error.AsSpan().IndexOf("is still being generated"u8) >= 0 || error.AsSpan().IndexOf("while the user speaks"u8) >= 0 || error.AsSpan().IndexOf("is already shorter than"u8) >= 0);

    private static SimulatedTranscript Transcript(Tape tape)
    {
        TimeSpan after = tape.OnceIn(3) ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(tape.Next(20));
        return new("some words")
        {
            After = tape.OnceIn(4) ? Moment.After("response.done", after) : after,
            Never = tape.OnceIn(8),
            Failure = tape.OnceIn(4) ? new ModelFailure("transcription_error", "audio_unintelligible") : null,
        };
    }

    private static SimulatedMcpServer Almanac(bool listFails) => new("almanac", new SimulatedMcpTool("tide"), new SimulatedMcpTool("book") { Error = "closed" }) { ListFails = listFails };

    private static byte[] WithoutConversation(byte[] message)
    {
        string json = Encoding.UTF8.GetString(message);
        int start = json.IndexOf("\"conversation_id\":\"", StringComparison.Ordinal);
        if (start < 0)
        {
            return message;
        }

        start += "\"conversation_id\":".Length;
        int end = json.IndexOf('"', start + 1) + 1;
        return Encoding.UTF8.GetBytes(json[..start] + "null" + json[end..]);
    }

    /// <summary>Says something short, or calls tools, or fails, as the tape wants.</summary>
    private sealed class TapeModel(Tape tape, bool anyShape) : ISimulatedModel
    {
        private static readonly byte[] Words = Sound.Speech(200);

        public ModelAnswer Answer(ModelRequest request)
        {
            var outputs = new List<ModelOutput>();
            for (int messages = tape.Next(3); messages > 0; messages--)
            {
                ModelOutput said = request.Spoken ? new ModelOutput.Speech(Words.AsMemory(0, 2 * tape.Next(4_800)), "word") : new ModelOutput.Text("word");
                said = anyShape && tape.OnceIn(3) ? new ModelOutput.Message([new ModelOutput.Text("look"), said]) : said;
                outputs.Add(said with { Overlap = anyShape && tape.OnceIn(2) });
            }

            for (int calls = tape.OnceIn(4) ? 1 + tape.Next(2) : 0; calls > 0; calls--)
            {
                outputs.Add(new ModelOutput.Call("clock", "{}"));
            }

            if (request.McpServers.Count > 0 && tape.Next(2) == 0)
            {
                outputs.Add(new ModelOutput.McpCall("almanac", tape.Next(2) == 0 ? "tide" : "book", "{}"));
            }

            return new ModelAnswer(outputs, tape.OnceIn(12) ? new ModelFailure("server_error", "overloaded") : null);
        }
    }
}
