using System.Buffers.Binary;
using System.Text;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Benchmarks.Simulator;

/// <summary>
/// What a session says over and over, 20 ms at a time: two seconds of speech, then quiet, in which the echo comes back in real time. The frames are made
/// once, for all sessions; and a simulator without a clock says when each piece of the echo is due, so that nothing here repeats its rules.
/// </summary>
public static class TalkCycle
{
    public const int PieceMs = 20;
    public const int SpeechMs = 2_000;
    public const int CycleMs = 5_000;
    public const int Pieces = CycleMs / PieceMs;

    public const int BytesPerMs = 48;

    // Any key but zero, which a server need not apply.
    private const uint Mask = 0x5AC3_17E9;

    private static readonly string[] Messages = [.. MakeSound().Chunk(PieceMs * BytesPerMs).Select(static piece => $$"""{"type":"input_audio_buffer.append","audio":"{{Convert.ToBase64String(piece)}}"}""")];

    /// <summary>What the server is like: it finds the turns and answers as fast as one speaks. Everything else is as it comes.</summary>
    public static SimulatorOptions Server { get; } = new()
    {
        Pace = new ResponsePace { AudioSpeed = 1 },
        InitialSession = """{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","silence_duration_ms":200,"prefix_padding_ms":0}}}}""",
    };

    /// <summary>Each piece as one masked frame.</summary>
    public static IReadOnlyList<byte[]> Frames { get; } = [.. Messages.Select(static message => FrameOf(Encoding.UTF8.GetBytes(message)))];

    /// <summary>Behind which piece the turn is over, and how many milliseconds behind it each piece of the echo is due.</summary>
    public static (int Trigger, int[] Due) Timetable { get; } = MakeTimetable();

    /// <summary>A text frame of a client.</summary>
    public static byte[] FrameOf(ReadOnlySpan<byte> message, byte opcode = 1)
    {
        int header = message.Length < 126 ? 2 : 4;
        byte[] frame = new byte[header + sizeof(uint) + message.Length];
        frame[0] = (byte)(0x80 | opcode);
        frame[1] = (byte)(0x80 | (header == 2 ? message.Length : 126));
        if (header == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)message.Length));
        }

        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(header), Mask);
        for (int i = 0; i < message.Length; i++)
        {
            frame[header + sizeof(uint) + i] = (byte)(message[i] ^ frame[header + (i % sizeof(uint))]);
        }

        return frame;
    }

    /// <summary>What is said in a cycle, as PCM16 at 24 kHz.</summary>
    public static byte[] MakeSound()
    {
        byte[] sound = new byte[CycleMs * BytesPerMs];
        SeededSpeech.Pcm16(new Random(20_261_127), SpeechMs * BytesPerMs).CopyTo(sound, 0);
        return sound;
    }

    // The second of two cycles, since the first one has a greeting before it.
    private static (int Trigger, int[] Due) MakeTimetable()
    {
        var simulator = new RealtimeServerSimulator(Server);
        simulator.Connect(0);
        int trigger = -1;
        List<int> due = [];
        long? timer = null;
        for (int now = 0; now < 2 * CycleMs; now++)
        {
            if (now % PieceMs == 0)
            {
                simulator.Receive(Encoding.UTF8.GetBytes(Messages[now / PieceMs % Pieces]), now);
            }

            if (timer <= now)
            {
                timer = null;
                simulator.Elapse(now);
            }

            while (simulator.TryTakeEffect(out SimulatorEffect effect))
            {
                timer = effect.Kind == SimulatorEffectKind.SetTimer ? effect.At : timer;
                if (now >= CycleMs && effect.Kind == SimulatorEffectKind.Send)
                {
                    trigger = Says(effect.Message.Span, "input_audio_buffer.speech_stopped"u8) ? now : trigger;
                    if (Says(effect.Message.Span, "response.output_audio.delta"u8))
                    {
                        due.Add(now - trigger);
                    }
                }
            }
        }

        return trigger < 0 || due.Count == 0
            ? throw new InvalidOperationException("The simulator does not answer what the sessions say.")
            : ((trigger - CycleMs) / PieceMs, [.. due]);
    }

    /// <summary>Whether a message of the server, or its beginning, is of this type.</summary>
    public static bool Says(ReadOnlySpan<byte> message, ReadOnlySpan<byte> type)
    {
        int at = message.IndexOf(type);
        return at > 0 && message[at - 1] == '"' && at + type.Length < message.Length && message[at + type.Length] == '"';
    }
}
