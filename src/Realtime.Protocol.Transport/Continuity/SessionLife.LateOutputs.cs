namespace Realtime.Protocol.Transport;

/// <summary>Outputs of tools whose connection ended before they came: never sent by themselves, since no other conversation waits for them (FC-07), but part of what the next connection is told, behind their call.</summary>
internal sealed partial class SessionLife
{
    // As many as a talk can have calls under way when its connection ends; of more the oldest go.
    private const int MostLate = 64;

    private List<(string? ItemId, string CallId, string Output)>? _late;

    /// <summary>An output came too late for its connection.</summary>
    /// <param name="itemId">The item of the call: another conversation may have a call of the same name. Null for the last one of its name.</param>
    /// <param name="callId">The call.</param>
    /// <param name="output">What the tool gave.</param>
    public void KeepLate(string? itemId, string callId, string output)
    {
        lock (_host.Lock)
        {
            _late ??= [];
            _late.Add((itemId, callId, output));
            if (_late.Count > MostLate)
            {
                _late.RemoveAt(0);
            }

            Journal?.Save();
        }
    }

    /// <summary>The application gives the output of a call that it answers itself, while there is no connection. Under the session's lock.</summary>
    /// <exception cref="RealtimeRefusedException">No such call waits for one (FC-03).</exception>
    public void KeepOutput(string callId, string output)
    {
        SessionCheckpoint checkpoint = CheckpointOfConnection();
        if (ReferenceEquals(checkpoint.WithOutput(callId, output), checkpoint))
        {
            throw new RealtimeRefusedException("FC-03", "You gave the output of a call that the session never made, or that has its output.");
        }

        KeepLate(checkpoint.Items.OfType<ConversationItem.FunctionCall>().LastOrDefault(call => call.CallId == callId)?.Id, callId, output);
    }

    /// <summary>A connection takes over, and knows all of them: nobody takes over who was not told what came last. Under the session's lock.</summary>
    private void ForgetLate() => _late = null;

    private SessionCheckpoint WithLateOutputs(SessionCheckpoint checkpoint)
    {
        foreach ((string? itemId, string callId, string output) in _late ?? [])
        {
            checkpoint = checkpoint.WithOutput(callId, output, itemId);
        }

        return checkpoint;
    }
}
