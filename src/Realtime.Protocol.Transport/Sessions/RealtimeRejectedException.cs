namespace Realtime.Protocol;

/// <summary>
/// The server rejected what it was asked. Nothing changed there. The message names the error's code and parameter; the server's own
/// sentence is in <see cref="Error"/>, because servers quote what they reject.
/// </summary>
public sealed class RealtimeRejectedException : RealtimeException
{
    /// <summary>A rejection.</summary>
    /// <param name="error">As the server stated it.</param>
    public RealtimeRejectedException(ServerError error)
        : base($"The server rejected the request ({error ?? throw new ArgumentNullException(nameof(error))}).") => Error = error;

    /// <summary>As the server stated it.</summary>
    public ServerError Error { get; }
}
