namespace Realtime.Protocol.Transport;

/// <summary>Outputs of tools whose connection ended before they came: never sent by themselves, since no other conversation waits for them (FC-07), but part of what the next connection is told, behind their call.</summary>
internal sealed partial class SessionLife
{
    // As many as a talk can have calls under way when its connection ends; of more the oldest go.
    private const int MostLate = 64;

    private List<(string CallId, string Output)>? _late;

    /// <summary>An output came too late for its connection.</summary>
    public void KeepLate(string callId, string output)
    {
        lock (_host.Lock)
        {
            _late ??= [];
            _late.Add((callId, output));
            if (_late.Count > MostLate)
            {
                _late.RemoveAt(0);
            }
        }
    }

    private SessionCheckpoint WithLateOutputs(SessionCheckpoint checkpoint)
    {
        foreach ((string callId, string output) in _late ?? [])
        {
            checkpoint = checkpoint.WithOutput(callId, output);
        }

        return checkpoint;
    }
}
