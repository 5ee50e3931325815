using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary>
/// A session's events as an application takes them: sound and words whole, of any other event its type. Serializers build
/// the others whole all the same.
/// </summary>
public readonly struct SessionMembers : IMembers<ServerEvent>, IMembers<ServerEventClass>, IMembers<RealtimeServerUpdate>
{
    /// <summary>What is handed over of what a message says; the SDK has no member for the obfuscation, so nobody hands it over.</summary>
    public static Answer Expected(Answer says) => TranscriptDeltaMembers.ExpectedOfSdk(says);

    void IMembers<ServerEvent>.HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
    {
        if (read.TryGetResponseOutputAudioDelta(out _))
        {
            HandOver<ServerEvent, AudioDeltaMembers, TSink>(read, ref sink);
        }
        else if (read.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView words))
        {
            TranscriptDeltaMembers.HandOverWords(words, ref sink);
        }
        else
        {
            sink.Slice(read.TypeText.Raw);
        }
    }

    void IMembers<ServerEventClass>.HandOver<TSink>(scoped in ServerEventClass read, ref TSink sink)
    {
        switch (read)
        {
            case AudioDeltaEvent sound:
                HandOver<AudioDeltaEvent, AudioDeltaMembers, TSink>(sound, ref sink);
                break;
            case TextDeltaEvent words:
                TranscriptDeltaMembers.HandOverWords(words, ref sink);
                break;
            default:
                sink.Text(read.Type);
                break;
        }
    }

    void IMembers<RealtimeServerUpdate>.HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
    {
        switch (read)
        {
            case RealtimeServerUpdateResponseOutputAudioDelta:
                HandOver<RealtimeServerUpdate, AudioDeltaMembers, TSink>(read, ref sink);
                break;
            case RealtimeServerUpdateResponseOutputAudioTranscriptDelta:
                HandOver<RealtimeServerUpdate, TranscriptDeltaMembers, TSink>(read, ref sink);
                break;
            default:
                sink.Text(read.Kind.ToString());
                break;
        }
    }

    private static void HandOver<TRead, TMembers, TSink>(scoped in TRead read, ref TSink sink)
        where TRead : allows ref struct
        where TMembers : struct, IMembers<TRead>
        where TSink : struct, IAnswerSink =>
        default(TMembers).HandOver(read, ref sink);
}
