namespace Realtime.Protocol.Lifecycle;

/// <summary>What changes the configuration of the session.</summary>
internal sealed class ConfigurationIntents(SessionCore session)
{
    public SubmitResult Configure(in SessionIntent intent, long now)
    {
        Session configuration = intent.Configuration!;
        switch (KeepTheVoice.Judge(configuration.Audio.Output.Voice, session.Voice, session.HasSpoken))
        {
            case VoiceChange.Refuse:
                return SessionIntents.Refuse("SE-05", "You asked for another voice after the model had spoken; the service fixes the voice with the first sound.");
            case VoiceChange.LeaveOut:
                configuration.Audio.Output.Voice = null;
                break;
        }

        int handle = session.Operations.Open(now);
        var operation = new Operation(OperationKind.Configure, session.Ids.NewEventId()) { Handle = handle, Configuration = session.Configurations.Add(handle, intent.ToolTimeouts) };
        operation.Configuration.ApprovalTimeouts = intent.ApprovalTimeouts;
        operation.Configuration.McpServers = session.McpServers.Expect(configuration, handle, now);
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.UpdateSession(operation.EventId, configuration));
        return new SubmitResult(SubmitVerdict.Accepted, Operation: operation.Handle);
    }
}
