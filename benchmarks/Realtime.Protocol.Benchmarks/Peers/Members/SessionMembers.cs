using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary>
/// A session's events as an application takes them: sound and words whole, of any other event its type. Serializers build
/// the others whole all the same.
/// </summary>
public static class SessionMembers
{
    /// <summary>What is handed over of what a message says; the SDK has no member for the obfuscation, so nobody hands it over.</summary>
    public static Answer Expected(Answer says) => TranscriptDeltaMembers.ExpectedOfSdk(says);

    /// <summary>Ours.</summary>
    public readonly struct OfView : IMembers<ServerEvent>
    {
        public void HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read.TryGetResponseOutputAudioDelta(out _))
            {
                default(AudioDeltaMembers.OfView).HandOver(read, ref sink);
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
    }

    /// <summary>The class that a serializer filled.</summary>
    public readonly struct OfClass : IMembers<ServerEventClass>
    {
        public void HandOver<TSink>(scoped in ServerEventClass read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            switch (read)
            {
                case AudioDeltaEvent sound:
                    default(AudioDeltaMembers.OfClass).HandOver(sound, ref sink);
                    break;
                case TextDeltaEvent words:
                    TranscriptDeltaMembers.HandOverWords(words, ref sink);
                    break;
                default:
                    sink.Text(read.Type);
                    break;
            }
        }
    }

    /// <summary>The SDK's update.</summary>
    public readonly struct OfUpdate : IMembers<RealtimeServerUpdate>
    {
        public void HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            switch (read)
            {
                case RealtimeServerUpdateResponseOutputAudioDelta:
                    default(AudioDeltaMembers.OfUpdate).HandOver(read, ref sink);
                    break;
                case RealtimeServerUpdateResponseOutputAudioTranscriptDelta:
                    default(TranscriptDeltaMembers.OfUpdate).HandOver(read, ref sink);
                    break;
                default:
                    sink.Text(read.Kind.ToString());
                    break;
            }
        }
    }
}
