namespace Realtime.Protocol.Lifecycle;

/// <summary>What changes the configuration of the session.</summary>
internal sealed class ConfigurationIntents(SessionCore session)
{
    public SubmitResult Configure(in SessionIntent intent, long now)
    {
        int handle = session.Operations.Open(now);
        var operation = new Operation(OperationKind.Configure, session.Ids.NewEventId()) { Handle = handle, Configuration = session.Configurations.Add(handle, intent.ToolTimeouts) };
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.UpdateSession(operation.EventId, intent.Configuration!));
        return new SubmitResult(SubmitVerdict.Accepted, Operation: operation.Handle);
    }
}
