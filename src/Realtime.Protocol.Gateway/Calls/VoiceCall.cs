using System.Collections.ObjectModel;
using System.Net;

namespace Realtime.Protocol.Gateway;

/// <summary>One caller and the session that answers, from the caller's first frame to the end. Its members may be used from any thread; its session belongs to the call, which closes it.</summary>
public sealed class VoiceCall
{
    private readonly TaskCompletionSource<CallEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private VoiceSession? _session;

    internal VoiceCall(string id, string? streamId, IReadOnlyDictionary<string, string> parameters, IPAddress? remoteAddress) =>
        (Id, StreamId, Parameters, RemoteAddress) = (id, streamId, parameters, remoteAddress);

    /// <summary>The call: Twilio's call SID, the UUID of Asterisk, or the id in the address. It is the session's <see cref="RealtimeConnectionOptions.CallId"/>, by which a journal knows it.</summary>
    public string Id { get; }

    /// <summary>Twilio's stream SID; null elsewhere.</summary>
    public string? StreamId { get; }

    /// <summary>What the TwiML gave along as <c>&lt;Parameter&gt;</c>, or the values of the route; whoever dials writes them, so they are to be checked. Empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>From where the connection comes: of a telephone, its provider's address. Null where it is not known.</summary>
    public IPAddress? RemoteAddress { get; }

    /// <summary>
    /// The session that answers. The call writes its input and plays its turns, so an application reads neither; it may ask for turns, change the session, and read <see cref="VoiceSession.ReadUpdatesAsync"/>.
    /// Where <see cref="VoiceCallsOptions.Captions"/> is set, as it is unless an application says otherwise, the call is also the one reader of <see cref="Turn.ReadUpdatesAsync"/> and <see cref="VoiceSession.ReadUtterancesAsync"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The session is being opened: it is there from <see cref="CallOptions.OnAnswered"/> on.</exception>
    public VoiceSession Session
    {
        get => Volatile.Read(ref _session) ?? throw new InvalidOperationException("The call has no session yet. Use it in OnAnswered, or later.");
        internal set => Volatile.Write(ref _session, value);
    }

    /// <summary>Completes, never in failure, when the call has ended.</summary>
    public Task<CallEnd> Ended => _ended.Task;

    /// <summary>
    /// Ends the call when what is being said was heard, or after ten seconds: <see cref="CallOptions.OnHangUp"/> is called, then the line is closed. Returns at once, so a tool may call it: its turn is spoken to its end. Calling it again
    /// has no effect.
    /// </summary>
    public void HangUp() => Bridge?.Leave(new(CallEndKind.Ended, "The application ended the call."), target: null);

    /// <summary>
    /// Passes the caller on when what is being said was heard, or after ten seconds: <see cref="CallOptions.OnTransfer"/> is called, which does it, then the line is closed. Returns at once.
    /// </summary>
    /// <param name="target">Where to, in the words of <see cref="CallOptions.OnTransfer"/>: a number, a queue.</param>
    public void Transfer(string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        Bridge?.Leave(new(CallEndKind.Transferred, "The application passed the caller on."), target);
    }

    /// <summary>The id alone; never what was said.</summary>
    public override string ToString() => $"Call {Id}";

    internal static IReadOnlyDictionary<string, string> NoParameters { get; } = ReadOnlyDictionary<string, string>.Empty;

    internal CallBridge? Bridge { get; set; }

    internal void End(CallEnd end) => _ended.TrySetResult(end);
}
