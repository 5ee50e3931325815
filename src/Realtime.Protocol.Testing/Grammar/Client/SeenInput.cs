namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>The user's turn, as the server tells it: who speaks since when, and whether the server is about to answer by itself.</summary>
internal sealed class SeenInput
{
    private int _commits;

    /// <summary>The client's commit that the server took last, or has not answered.</summary>
    public Asked? LastCommit { get; private set; }

    /// <summary>True between <c>speech_started</c> and <c>speech_stopped</c>.</summary>
    public bool IsSpeaking { get; private set; }

    /// <summary>When the last speech began.</summary>
    public double? SpeechSince { get; private set; }

    /// <summary>The server took a turn that it found itself, answers such turns, and has not begun yet.</summary>
    public bool IsServerAboutToAnswer { get; private set; }

    /// <summary>Since when; see <see cref="IsServerAboutToAnswer"/>.</summary>
    public double? CommittedAt { get; private set; }

    /// <summary>When the server last took a turn by itself.</summary>
    public double? ServerCommitAt { get; private set; }

    public void Said(Asked asked)
    {
        if (asked.Type == "input_audio_buffer.commit")
        {
            _commits++;
            LastCommit = asked;
        }
    }

    public void Refused(Asked asked)
    {
        if (asked.Type == "input_audio_buffer.commit" && _commits > 0)
        {
            _commits--;
            LastCommit = null;
        }
    }

    public void Heard(string type, SeenSession session, bool isAnswering, double? now)
    {
        switch (type)
        {
            case "input_audio_buffer.speech_started":
                (IsSpeaking, SpeechSince) = (true, now);
                IsServerAboutToAnswer = false;
                break;
            case "input_audio_buffer.speech_stopped":
                IsSpeaking = false;
                break;
            case "input_audio_buffer.committed":
                IsSpeaking = false;
                if (_commits > 0)
                {
                    _commits--;
                    break;
                }

                LastCommit = null;
                ServerCommitAt = now;

                // A server that is answering while the user's turn ends may not begin another answer.
                IsServerAboutToAnswer = session.IsDetecting && session.CreatesResponses && !session.OnlyTranscribes && !isAnswering;
                CommittedAt = now;
                break;
            case "input_audio_buffer.cleared":
                IsSpeaking = false;
                break;
            case "response.created":
                IsServerAboutToAnswer = false;
                break;
        }
    }
}
