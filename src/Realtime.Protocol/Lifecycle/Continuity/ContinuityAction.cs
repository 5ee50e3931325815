namespace Realtime.Protocol.Lifecycle;

/// <summary>What the shell does when the phase has moved.</summary>
public enum ContinuityAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Set the timer of the next attempt (<see cref="BackOff"/>), or report <see cref="ContinuityTrigger.GivenUp"/> when none is left.</summary>
    WaitForAttempt,

    /// <summary>Make a connection, fill it, and go over to it.</summary>
    Connect,

    /// <summary>Make a second connection beside the one in use and fill it; go over to it at a quiet moment.</summary>
    ConnectBeside,

    /// <summary>Drop the second connection; the one in use goes on.</summary>
    DropSecond,

    /// <summary>The connection in use is gone, and the second one is wanted at once, quiet or not.</summary>
    TakeSecondAtOnce,

    /// <summary>Refuse new turns, and end when the running ones were heard out.</summary>
    BeginDrain,

    /// <summary>Say goodbye where there is somebody to say it to, and end everything.</summary>
    End,
}
