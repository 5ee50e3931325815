namespace Realtime.Protocol;

/// <summary>
/// What went wrong between this program and the service. Wrong arguments are <see cref="ArgumentException"/>s and cancelled waits
/// <see cref="OperationCanceledException"/>s, as everywhere. No message holds content or a credential.
/// </summary>
public abstract class RealtimeException : Exception
{
    private protected RealtimeException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
