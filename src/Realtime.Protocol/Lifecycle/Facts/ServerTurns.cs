namespace Realtime.Protocol.Lifecycle;

/// <summary>Who decides where a turn ends, as the server stated it.</summary>
public readonly record struct ServerTurns
{
    private ServerTurns(bool isStated, bool isEnabled, bool createsResponse, bool interruptsResponse)
    {
        (IsStated, IsEnabled, CreatesResponse, InterruptsResponse) = (isStated, isEnabled, createsResponse, interruptsResponse);
    }

    /// <summary>False when the event did not say; <c>default</c> is that value.</summary>
    public bool IsStated { get; }

    /// <summary>True when the server detects turns (<c>server_vad</c> or <c>semantic_vad</c>).</summary>
    public bool IsEnabled { get; }

    /// <summary>True when the server answers a turn that it detected without being asked.</summary>
    public bool CreatesResponse { get; }

    /// <summary>True when the server cancels its answer as soon as the user speaks.</summary>
    public bool InterruptsResponse { get; }

    /// <summary><c>turn_detection: null</c>: the client commits and asks.</summary>
    public static ServerTurns None => new(true, false, false, false);

    /// <summary>The server detects turns, with the two flags as stated; both are true where the event leaves them out.</summary>
    public static ServerTurns Server(bool createsResponse = true, bool interruptsResponse = true) => new(true, true, createsResponse, interruptsResponse);
}
