namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A session that drains begins no new turn; those that run, and those that wait already, are heard out. A server that answers by itself is told not to any more: what it has taken is still answered, and what the user says
/// then stays in the conversation for whoever goes on.
/// </summary>
internal static class TakeNoNewTurn
{
    /// <summary>Null when it may be asked for; otherwise why not. A turn that has its number already is no new one.</summary>
    [LifecycleRule("SE-11")]
    public static string? Refusal(bool isDraining, in SessionIntent intent) =>
        isDraining && intent is { Kind: SessionIntentKind.EndTurn or SessionIntentKind.TextTurn or SessionIntentKind.CreateResponse, Turn: 0 }
            ? "You asked for a turn of a session that drains; it ends what runs, and begins nothing. Ask the session that goes on from its checkpoint."
            : null;

    /// <summary>The update by which the server answers no turn by itself any more; null where it answers none.</summary>
    /// <param name="session">The session.</param>
    /// <param name="before">How it answers now.</param>
    public static Session? Update(SessionCore session, out AnsweringSwitches? before)
    {
        before = null;
        if (!session.Detection.CreatesResponse || session.Stated.Length == 0)
        {
            return null;
        }

        SessionView stated = CheckpointObjects.Read<SessionView>(session.Stated);
        bool isNested = stated.Audio.Input.TurnDetection.HasValue;
        TurnDetectionView detection = isNested ? stated.Audio.Input.TurnDetection : stated.TurnDetection;
        if (!detection.HasValue)
        {
            return null;
        }

        TurnDetection silent = detection.ToWritable();
        before = AnsweringSwitches.Of(silent);
        Silent(silent);
        var update = new Session { Type = session.Settings.Purpose is SessionPurpose.Transcription ? SessionType.Transcription : SessionType.Realtime };
        if (isNested)
        {
            update.Audio.Input.TurnDetection = silent;
        }
        else
        {
            update.TurnDetection = silent;
        }

        return update;
    }

    /// <summary>The update that follows one which the application wrote by itself while the session drains, where that turns the answers on again; null where it does not.</summary>
    public static Session? UpdateBehind(Session written, SessionPurpose purpose)
    {
        var update = new Session { Type = purpose is SessionPurpose.Transcription ? SessionType.Transcription : SessionType.Realtime };
        if (written.Audio.Input.TurnDetection is { HasValue: true, Value: { } nested } && Answers(nested))
        {
            update.Audio.Input.TurnDetection = nested;
        }
        else if (written.TurnDetection is { HasValue: true, Value: { } top } && Answers(top))
        {
            update.TurnDetection = top;
        }
        else
        {
            return null;
        }

        Silence(update);
        return update;
    }

    private static bool Answers(TurnDetection detection) => detection switch
    {
        ServerVad server => server.CreateResponse is not false || server.IdleTimeoutMs.HasValue,
        SemanticVad semantic => semantic.CreateResponse is not false,
        _ => false,
    };

    /// <summary>An update of the application's that goes out while the session drains does not turn the answers on again.</summary>
    public static void Silence(Session update)
    {
        if (update.Audio.Input.TurnDetection is { HasValue: true, Value: { } nested })
        {
            Silent(nested);
        }

        if (update.TurnDetection is { HasValue: true, Value: { } top })
        {
            Silent(top);
        }
    }

    // A detector of a later day has no switch that is known; it goes on as it does.
    private static void Silent(TurnDetection detection)
    {
        switch (detection)
        {
            case ServerVad server:
                server.CreateResponse = false;
                server.IdleTimeoutMs = Field<long>.Null; // it makes an answer of the user's silence
                break;
            case SemanticVad semantic:
                semantic.CreateResponse = false;
                break;
        }
    }
}
