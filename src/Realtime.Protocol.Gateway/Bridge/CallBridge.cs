using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// One call, whatever its protocol, from the first frame to one typed end: the caller introduces himself, a session is opened, both hear each other, and the first reason to end ends everything. Whatever a call does, it ends itself alone.
/// </summary>
internal sealed partial class CallBridge
{
    private const int MostDigits = 64;

    // How long another holder of the same call may take to leave.
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(5);

    private readonly CallOptions _options;
    private readonly GatewayServices _services;
    private readonly ICallProtocol _protocol;
    private readonly ICallWire _wire;
    private readonly IPAddress? _address;
    private readonly Func<VoiceCall, string?>? _ticket;

    private readonly TaskCompletionSource<CallEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallIntroduction> _introduced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<char> _digits = Channel.CreateBounded<char>(new BoundedChannelOptions(MostDigits) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CallLine _line;
    private readonly CallerEar _ear;
    private readonly Playback _playback = new();
    private readonly CallerVoice _voice;
    private readonly long _began;
    private readonly bool _isCounted;

    private VoiceCall? _call;
    private VoiceSession? _session;
    private Exception? _failure;

    /// <param name="ticket">Makes what lets the same call in again; null for nothing.</param>
    public CallBridge(CallOptions options, GatewayServices services, ICallProtocol protocol, ICallWire wire, IPAddress? address, Func<VoiceCall, string?>? ticket = null)
    {
        (_options, _services, _protocol, _wire, _address, _ticket) = (options, services, protocol, wire, address, ticket);
        _began = Time.GetTimestamp();
        _isCounted = GatewayInstruments.Began(protocol.Name);
        _line = new(protocol, wire, options.SendTimeout, Time, End);
        _ear = new(protocol, _stop.Token);
        _voice = new(protocol, _line, _playback, Time, _stop.Token);
        if (protocol.Introduction is { } who)
        {
            _introduced.SetResult(who);
        }
    }

    private TimeProvider Time => _services.Time;

    private ILogger Logger => _services.Logger;

    /// <summary>Runs the call to its end; never fails.</summary>
    public async Task<CallEnd> RunAsync()
    {
        Task receiving = ReceiveAsync();
        List<Task> loops = [];
        try
        {
            await LiveAsync(loops).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_end.Task.IsCompleted)
        {
            // Whatever waited gave up, since the call has ended.
        }
        catch (Exception failure)
        {
            Fail(failure);
        }

        CallEnd end = await _end.Task.ConfigureAwait(false);
        await LeaveAsync(end, receiving, loops).ConfigureAwait(false);
        return end;
    }

    /// <summary>The first reason counts.</summary>
    public void End(CallEnd end)
    {
        if (_end.TrySetResult(end))
        {
            // What waits for the token is told by its own task; nothing of it runs in here.
            _ = _stop.CancelAsync();
        }
    }

    private async Task LiveAsync(List<Task> loops)
    {
        CallIntroduction who = await IntroductionAsync().ConfigureAwait(false);
        VoiceCall call = _call = new(who.Id, who.StreamId, who.Parameters, _address) { Bridge = this };
        if (_end.Task.IsCompleted)
        {
            return; // he left as soon as he came, and takes nobody's place
        }

        using IDisposable? scope = Logger.BeginScope(new KeyValuePair<string, object>[] { new("CallId", call.Id) });
        GatewayLog.Began(Logger, call.Id);
        using ITimer longest = Time.CreateTimer(static bridge => ((CallBridge)bridge!).EndAsTooLong(), this, _options.MaxDuration, Timeout.InfiniteTimeSpan);
        if (_services.Calls.Take(call.Id, this) is { } before)
        {
            before.End(new(CallEndKind.HandedOver, "The same call came in again."));
            await WaitForAsync(before._gone.Task, HandOverPatience).ConfigureAwait(false);
        }

        VoiceSession? session = await ConnectAsync(call).ConfigureAwait(false);
        if (session is null)
        {
            await _end.Task.ConfigureAwait(false);
            return;
        }

        call.Session = _session = session;
        _ = session.Ended.ContinueWith(static (ended, bridge) => ((CallBridge)bridge!).EndWithSession(ended.Result), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var facts = new CallFacts(call.Id, session.Conversation.Items.Count, _ticket?.Invoke(call));
        await _line.SendAsync(static (protocol, frames, facts) => protocol.WriteReady(frames, in facts), facts).ConfigureAwait(false);
        GatewayInstruments.Ready(_protocol.Name, Time.GetElapsedTime(_began), isResumed: facts.Items > 0);
        loops.Add(Guard(ReadNewsAsync(session)));
        loops.Add(Guard(_voice.RunAsync()));
        loops.Add(Guard(TellDigitsAsync(call)));
        if (_protocol is ICallCaptions)
        {
            loops.Add(Guard(WriteUtterancesAsync(session)));
        }

        await _ear.OpenAsync(session.Input).ConfigureAwait(false);
        if (_options.OnAnswered is { } answered)
        {
            // On the pool, so that what it does before its first await keeps nobody waiting.
            loops.Add(Guard(Task.Run(() => answered(call, _stop.Token))));
        }

        await _end.Task.ConfigureAwait(false);
    }

    private async Task<CallIntroduction> IntroductionAsync()
    {
        if (!await WaitForAsync(Task.WhenAny(_introduced.Task, _end.Task), _options.StartTimeout).ConfigureAwait(false))
        {
            End(CallEnd.BadFrame($"The caller's side did not say in {_options.StartTimeout.TotalSeconds:0.#} s which call it is."));
        }

        return _introduced.Task.IsCompletedSuccessfully ? await _introduced.Task.ConfigureAwait(false) : throw new OperationCanceledException();
    }

    /// <summary>The session; null when there will be none, and the call has ended.</summary>
    private async Task<VoiceSession?> ConnectAsync(VoiceCall call)
    {
        try
        {
            return await _services.Sessions.ConnectAsync(_options.SessionName, Configure, _stop.Token).ConfigureAwait(false);
        }
        catch (RealtimeConnectException failure)
        {
            _failure = failure;
            End(failure switch
            {
                { Failure: RealtimeConnectFailure.HostStopping } => new(CallEndKind.Moved, "This process stops and takes no more calls."),
                { IsTransient: true } or { Failure: RealtimeConnectFailure.JournalFailed } => new(CallEndKind.ModelUnreachable, $"The session could not be opened: {failure.Failure}."),
                _ => new(CallEndKind.ModelRefused, $"The session could not be opened: {failure.Failure}."),
            });
            return null;
        }

        void Configure(VoiceSessionOptions options)
        {
            options.CallId = call.Id;
            if (_protocol.SessionEncoding is { } encoding)
            {
                (options.InputEncoding, options.OutputEncoding) = (encoding, encoding);
            }

            _options.Configure?.Invoke(call, options);
        }
    }

    /// <summary>Reads until the line is closed; what comes after the end is passed over, so that a goodbye can be answered.</summary>
    private async Task ReceiveAsync()
    {
        var meter = new InboundMeter(_options.MaxAudioAhead);
        var replies = new OutgoingFrames();
        while (true)
        {
            WireMessage message = await _wire.ReceiveAsync().ConfigureAwait(false);
            if (message.End is { } over)
            {
                End(over);
            }

            if (message.IsOver)
            {
                return;
            }

            if (_end.Task.IsCompleted)
            {
                continue;
            }

            try
            {
                CallerSays says = _protocol.Take(message.Bytes, message.IsText, replies);
                TimeSpan audio = says.Word is CallerWord.Audio ? _protocol.Encoding.LengthOf(says.Audio.Length) : TimeSpan.Zero;
                if (!meter.TryTake(Time.GetElapsedTime(_began), audio))
                {
                    says = CallerSays.Ended(new(CallEndKind.Flood, $"More than {_options.MaxAudioAhead.TotalSeconds:0.#} s of sound came ahead of the clock, or too many messages."));
                }

                await TakeAsync(says).ConfigureAwait(false);
                if (replies.Count > 0)
                {
                    await _line.SendAsync(static (_, frames, replies) => frames.Append(replies), replies).ConfigureAwait(false);
                    replies.Clear();
                }

                meter.Waited(Time.GetElapsedTime(_began));
            }
            catch (OperationCanceledException) when (_end.Task.IsCompleted)
            {
                // A session that was waited for has ended.
            }
            catch (Exception failure)
            {
                Fail(failure);
            }
        }
    }

    private ValueTask TakeAsync(in CallerSays says)
    {
        switch (says.Word)
        {
            case CallerWord.Introduction:
                _introduced.TrySetResult(says.Introduction!);
                break;
            case CallerWord.Audio:
                return _ear.HearAsync(says.Audio);
            case CallerWord.Played:
                _playback.Played(says.Turn, says.Bytes);
                break;
            case CallerWord.Digit:
                _digits.Writer.TryWrite(says.Digit);
                break;
            case CallerWord.End:
                End(says.End!);
                break;
            case CallerWord.Nothing:
                break;
        }

        return default;
    }

    private async Task ReadNewsAsync(VoiceSession session)
    {
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync(_stop.Token).ConfigureAwait(false))
        {
            if (update is VoiceSessionUpdate.TurnBegan { Turn: { IsOutOfBand: false } turn })
            {
                _voice.Add(turn);
                if (_protocol is ICallCaptions)
                {
                    _ = Guard(CallCaptions.WriteAsync(turn, _line, _stop.Token));
                }
            }
        }
    }

    private async Task WriteUtterancesAsync(VoiceSession session)
    {
        int number = 0;
        await foreach (Utterance utterance in session.ReadUtterancesAsync(_stop.Token).ConfigureAwait(false))
        {
            _ = Guard(CallCaptions.WriteAsync(utterance, ++number, _line, _stop.Token));
        }
    }

    private async Task TellDigitsAsync(VoiceCall call)
    {
        await foreach (char digit in _digits.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
        {
            if (_options.OnDigit is { } pressed)
            {
                await TryAsync(nameof(CallOptions.OnDigit), call, () => pressed(call, digit, _stop.Token)).ConfigureAwait(false);
            }
        }
    }

    private void EndWithSession(RealtimeCloseReason reason) => End(reason.Kind switch
    {
        RealtimeCloseKind.Drained => new(CallEndKind.Moved, "What was being said was heard out, and the session drained."),
        RealtimeCloseKind.HandedOver => new(CallEndKind.HandedOver, "Another process has taken the call."),
        RealtimeCloseKind.ByUs => new(CallEndKind.Ended, "The application closed the session."),
        var kind => new(CallEndKind.ModelLost, $"The session ended: {kind}."),
    });

    private void EndAsTooLong() => End(new(CallEndKind.TooLong, $"The call lasted {_options.MaxDuration.TotalMinutes:0.#} minutes."));

    private void Fail(Exception failure)
    {
        _failure ??= failure;
        End(new(CallEndKind.Failed, $"{failure.GetType().Name}."));
    }

    /// <summary>A loop that fails ends the call, and nothing else.</summary>
    private async Task Guard(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_end.Task.IsCompleted)
        {
            // The call has ended.
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private async Task<bool> TryAsync(string name, VoiceCall call, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (_end.Task.IsCompleted)
        {
            return false;
        }
        catch (Exception failure)
        {
            GatewayLog.DelegateFailed(Logger, name, call.Id, failure);
            return false;
        }
    }

    private async Task<bool> WaitForAsync(Task task, TimeSpan patience)
    {
        try
        {
            await task.WaitAsync(patience, Time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
