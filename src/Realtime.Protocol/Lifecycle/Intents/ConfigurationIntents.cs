namespace Realtime.Protocol.Lifecycle;

/// <summary>What changes the configuration of the session.</summary>
internal sealed class ConfigurationIntents(SessionCore session)
{
    /// <summary>Why another voice is refused.</summary>
    public const string VoiceIsFixed = "You asked for another voice after the model had spoken; the service fixes the voice with the first sound.";

    public SubmitResult Configure(in SessionIntent intent, long now)
    {
        Session configuration = intent.Configuration!;
        if (KeepsTheVoice(session, configuration) is { } refusal)
        {
            return SessionIntents.Refuse("SE-05", refusal);
        }

        if (session.IsDraining)
        {
            session.BeforeDraining = AnsweringSwitches.Of(configuration) ?? session.BeforeDraining; // whoever goes on from the checkpoint has what was asked for
        }

        bool waits = ChangeSpeedBetweenResponses.MustWait(configuration, session.Slot.Phase, session.Configurations.HasWaiting);
        if (waits && session.Configurations.WaitingCount == ConfigurationQueue.MaxEntries)
        {
            return SessionIntents.Refuse("SE-06", "You asked for one update more than the 256 that may wait for the end of a response.");
        }

        var asked = new WaitingConfiguration(session.Operations.Open(now), configuration, intent.ToolTimeouts) { ApprovalTimeouts = intent.ApprovalTimeouts };
        if (waits)
        {
            session.Configurations.Wait(asked);
            return new SubmitResult(SubmitVerdict.Queued, Operation: asked.Handle);
        }

        Send(session, asked, now);
        return new SubmitResult(SubmitVerdict.Accepted, Operation: asked.Handle);
    }

    /// <summary>The place for a response is free: what waited for that goes out, in order. The voice may have become fixed meanwhile.</summary>
    public static void SendWaiting(SessionCore session, long now)
    {
        while (session.Configurations.TryTakeWaiting(out WaitingConfiguration? waited))
        {
            if (KeepsTheVoice(session, waited.Session) is { } refusal)
            {
                // As the server would put it.
                session.Operations.Fail(waited.Handle, new ServerError("cannot_update_voice", "invalid_request_error", refusal, "session.audio.output.voice", null));
            }
            else
            {
                Send(session, waited, now);
            }
        }
    }

    /// <summary>An update of the session's own, for which nobody waits.</summary>
    public static void Send(SessionCore session, Session update, long now) => Send(session, new WaitingConfiguration(session.Operations.Open(now), update, null), now);

    private static void Send(SessionCore session, WaitingConfiguration asked, long now)
    {
        if (session.IsDraining)
        {
            TakeNoNewTurn.Silence(asked.Session);
        }

        var operation = new Operation(OperationKind.Configure, session.Ids.NewEventId()) { Handle = asked.Handle, Configuration = session.Configurations.Add(asked.Handle, asked.ToolTimeouts) };
        operation.Configuration.ApprovalTimeouts = asked.ApprovalTimeouts;
        operation.Configuration.McpServers = session.McpServers.Expect(asked.Session, asked.Handle, now);
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.UpdateSession(operation.EventId, asked.Session));
    }

    /// <summary>Takes a voice out that speaks already; gives the reason where another one is asked for.</summary>
    private static string? KeepsTheVoice(SessionCore session, Session configuration)
    {
        switch (KeepTheVoice.Judge(configuration.Audio.Output.Voice, session.Voice, session.HasSpoken))
        {
            case VoiceChange.Refuse:
                return VoiceIsFixed;
            case VoiceChange.LeaveOut:
                configuration.Audio.Output.Voice = null;
                break;
        }

        return null;
    }
}
