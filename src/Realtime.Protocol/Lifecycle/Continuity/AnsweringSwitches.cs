using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// By what a detection makes the server answer by itself, as it was before a drain turned it off (SE-11). Whoever goes on from the checkpoint has the server answer as before; everything else of the detection is as the server states it.
/// </summary>
/// <param name="CreateResponse">Null where it was not said, so that the server's own default holds.</param>
/// <param name="IdleTimeoutMs">Of a detection by silence only.</param>
internal sealed record AnsweringSwitches(bool? CreateResponse, Field<long> IdleTimeoutMs)
{
    /// <summary>Those of a detection; null where it has none that are known.</summary>
    public static AnsweringSwitches? Of(TurnDetection? detection) => detection switch
    {
        ServerVad server => new(server.CreateResponse, server.IdleTimeoutMs),
        SemanticVad semantic => new(semantic.CreateResponse, default),
        _ => null,
    };

    /// <summary>Those that an update asks for; null where it leaves the detection as it is, or turns it off.</summary>
    public static AnsweringSwitches? Of(Session update) =>
        Of(update.Audio.Input.TurnDetection is { HasValue: true, Value: { } nested } ? nested : update.TurnDetection is { HasValue: true, Value: { } top } ? top : null);

    /// <summary>The session as stated, with these switches in its detection; as it is where it has none.</summary>
    [SequencerEntry] // A part of an event, and it is sent to nobody.
    public ReadOnlySpan<byte> PutInto(ReadOnlySpan<byte> stated)
    {
        if (stated.IsEmpty)
        {
            return stated;
        }

        SessionView session = CheckpointObjects.Read<SessionView>(stated);
        TurnDetectionView view = session.Audio.Input.TurnDetection.HasValue ? session.Audio.Input.TurnDetection : session.TurnDetection;
        if (!view.HasValue || !stated.Overlaps(view.Json, out int at))
        {
            return stated;
        }

        TurnDetection detection = view.ToWritable();
        switch (detection)
        {
            case ServerVad server:
                (server.CreateResponse, server.IdleTimeoutMs) = (CreateResponse, IdleTimeoutMs);
                break;
            case SemanticVad semantic:
                semantic.CreateResponse = CreateResponse;
                break;
            default:
                return stated;
        }

        var output = new ArrayBufferWriter<byte>(stated.Length);
        output.Write(stated[..at]);
        JsonWrite.Write(output, detection);
        output.Write(stated[(at + view.Json.Length)..]);
        return output.WrittenSpan;
    }
}
