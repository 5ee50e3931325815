using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Gateway;

/// <summary>What holds for calls of every protocol. It is set while the calls are mapped or the listener is added; do not change it afterwards.</summary>
public abstract class CallOptions
{
    private protected CallOptions()
    {
    }

    /// <summary>Which sessions answer: the name that <c>AddVoiceSessions</c> was given. Empty for those without a name.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public string SessionName { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = Options.DefaultName;

    /// <summary>Changes the options of the session of one call, before it connects: instructions by the number that called, tools that end the call. The id of the call and the encodings are set already.</summary>
    public Action<VoiceCall, VoiceSessionOptions>? Configure { get; set; }

    /// <summary>Called when the session is open, beside the call: to greet, <c>call.Session.Respond()</c>. What it throws ends the call as <see cref="CallEndKind.Failed"/>. The token is cancelled when the call ends.</summary>
    public Func<VoiceCall, CancellationToken, Task>? OnAnswered { get; set; }

    /// <summary>Called for each key that the caller presses, one after the other: <c>0</c> to <c>9</c>, <c>*</c>, <c>#</c>, <c>A</c> to <c>D</c>. What it throws is logged, and the call goes on. Of keys that come while 64 wait, nothing is told.</summary>
    public Func<VoiceCall, char, CancellationToken, Task>? OnDigit { get; set; }

    /// <summary>Called by <see cref="VoiceCall.HangUp"/> before the line is closed, where the provider has to be asked to end the call. What it throws is logged.</summary>
    public Func<VoiceCall, CancellationToken, Task>? OnHangUp { get; set; }

    /// <summary>Called by <see cref="VoiceCall.Transfer"/> before the line is closed; the provider is asked to pass the caller on here. What it throws ends the call as <see cref="CallEndKind.Failed"/>.</summary>
    public Func<VoiceCall, string, CancellationToken, Task>? OnTransfer { get; set; }

    /// <summary>Called once for each call that has ended, however it did; for a caller who never said which call it is, there was none. What it throws is logged.</summary>
    public Func<VoiceCall, CallEnd, Task>? OnEnded { get; set; }

    /// <summary>How many calls may run here at one time. More are refused: 503 over HTTP. 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public int MaxCalls { get; set => field = AtLeastOne(value); } = 1_000;

    /// <summary>How many calls may come from one remote address at one time; of IPv6, from one /64. More are refused: 429 over HTTP. A provider of telephones calls from few addresses, so its default is no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public int MaxCallsPerAddress { get; set => field = AtLeastOne(value); } = int.MaxValue;

    /// <summary>How long a call may last; longer ones end as <see cref="CallEndKind.TooLong"/>. Two hours.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or negative.</exception>
    public TimeSpan MaxDuration { get; set => field = MoreThanZero(value); } = TimeSpan.FromHours(2);

    /// <summary>How much sound of the caller may come ahead of the clock, as after a tunnel. More ends the call as <see cref="CallEndKind.Flood"/>. 15 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or negative.</exception>
    public TimeSpan MaxAudioAhead { get; set => field = MoreThanZero(value); } = TimeSpan.FromSeconds(15);

    /// <summary>How long the caller's side may take nothing of what is sent; longer ends the call as <see cref="CallEndKind.SlowReader"/>. 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or negative.</exception>
    public TimeSpan SendTimeout { get; set => field = MoreThanZero(value); } = TimeSpan.FromSeconds(10);

    /// <summary>How long the caller's side may take to say which call it is. 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or negative.</exception>
    public TimeSpan StartTimeout { get; set => field = MoreThanZero(value); } = TimeSpan.FromSeconds(10);

    /// <summary>The longest message that is taken from the caller's side. 64 KiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1,024.</exception>
    public int MaxMessageBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1_024);
            field = value;
        }
    } = 64 * 1_024;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }

    private static TimeSpan MoreThanZero(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
