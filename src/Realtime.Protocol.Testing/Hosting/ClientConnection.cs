using System.Net.Sockets;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting.Frames;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// One client on its stream: keeps what waits for it within its limits, and ends the connection, whoever wants it to end. An <see cref="IncomingReader"/> reads, an <see cref="OutgoingWriter"/>
/// writes, and <see cref="ReadingPauses"/> hold the waits of reading. It knows nothing of what is said. One lock for all of them; nothing waits under it.
/// </summary>
/// <remarks>An idle connection holds no block and no writing task: a read waits without memory, and a task writes only while there is something to write.</remarks>
internal sealed class ClientConnection : IOutlet
{
    private readonly Lock _gate = new();
    private readonly OutgoingQueue _queue = new();
    private readonly OutgoingWriter _writer;
    private readonly ReadingPauses _pauses;
    private readonly CancellationTokenSource _gone = new();
    private readonly Stream _stream;
    private readonly Socket? _socket;
    private readonly Action _abort;
    private readonly SimulatorHostLimits _limits;
    private readonly DoorFaults _faults;
    private readonly QueueAccount _account;
    private readonly Action<WireMisdeed> _misdeed;

    private ITimer? _patience;
    private readonly ITimer? _pinging;
    private bool _isEnding;
    private long? _pingedAt;
    private bool _isDisposed;
    private long _lastRead = Environment.TickCount64;

    /// <param name="stream">What is left of the HTTP connection after the upgrade.</param>
    /// <param name="socket">The socket below it; null where there is none, and then a reset is what the stream's owner makes of it.</param>
    /// <param name="abort">Ends the stream at once.</param>
    /// <param name="misdeed">Told what the client does wrong below its messages; it returns at once.</param>
    public ClientConnection(Stream stream, Socket? socket, Action abort, SimulatorHostLimits limits, DoorFaults faults, QueueAccount account, Action<WireMisdeed> misdeed)
    {
        _misdeed = misdeed;
        _stream = stream;
        _socket = socket;
        _abort = abort;
        _limits = limits;
        _faults = faults;
        _account = account;
        _writer = new OutgoingWriter(_gate, _queue, stream, socket, this, _gone.Token);
        _pauses = new ReadingPauses(_gate);
        if (faults.PingEveryMs > 0)
        {
            TimeSpan every = TimeSpan.FromMilliseconds(faults.PingEveryMs);
            _pinging = TimeProvider.System.CreateTimer(static connection => ((ClientConnection)connection!).Ping(), this, every, every);
        }
    }

    /// <summary>How the connection ended, as far as it is known; who was first counts.</summary>
    public (ConnectionEnd Kind, int Status, string Reason) Ending { get; private set; } = (ConnectionEnd.Lost, 0, "");

    /// <summary>How many bytes wait for the client.</summary>
    public long QueuedBytes
    {
        get
        {
            lock (_gate)
            {
                return _queue.Bytes;
            }
        }
    }

    /// <summary>Carries messages until the connection has ended, whoever ends it.</summary>
    public async Task RunAsync(SimulatorConnection session)
    {
        try
        {
            bool hasSaidGoodbye = await new IncomingReader(_stream, _limits, this, session, _misdeed).RunAsync().ConfigureAwait(false);
            session.Leave(this);
            if (!hasSaidGoodbye)
            {
                await LoseAsync().ConfigureAwait(false);
            }

            Task sending;
            lock (_gate)
            {
                sending = _writer.Running;
            }

            await sending.ConfigureAwait(false);
        }
        finally
        {
            session.Leave(this);
            Dispose();
        }
    }

    /// <inheritdoc/>
    public bool Begin()
    {
        lock (_gate)
        {
            if (!_isEnding && _queue.Bytes > _limits.MaxQueuedBytes)
            {
                GiveUpLocked();
            }

            return !_isEnding;
        }
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> message, FrameMarks? marks)
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                return;
            }

            long before = _queue.Bytes;
            if (marks is null)
            {
                _queue.Add(message);
            }
            else
            {
                _pauses.Deafen(marks.DeafMs);
                byte[] frames = FrameWriter.Marked(message, marks);
                _isEnding = marks.End != WireEnd.None;
                _queue.Add(new Special(_isEnding ? frames[..Math.Min(marks.EndAt, frames.Length)] : frames, marks));
            }

            _account.Add(_queue.Bytes - before);
            _writer.Start();
        }
    }

    /// <inheritdoc/>
    public void Happen(FrameMarks marks)
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                return;
            }

            _pauses.Deafen(marks.DeafMs);
            if (marks.End != WireEnd.None || marks.StallMs != 0)
            {
                _isEnding = marks.End != WireEnd.None;
                _queue.Add(new Special([], marks));
                _writer.Start();
            }
        }
    }

    /// <inheritdoc/>
    public void End(int status, string reason)
    {
        lock (_gate)
        {
            EndLocked(status, reason);
        }
    }

    /// <summary>The host stops: a goodbye behind what was said, and no more than the limits' patience for it.</summary>
    public void Stop(int status, string reason)
    {
        lock (_gate)
        {
            EndLocked(status, reason);
            StartPatience();
        }
    }

    /// <summary>The client reads too slowly: what waits for it is thrown away, and the goodbye takes its place.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            if (!_isEnding)
            {
                GiveUpLocked();
            }
        }
    }

    /// <summary>Called every now and then: pings who is silent, and drops who is dead or takes nothing of too much.</summary>
    public void Sweep(long now)
    {
        lock (_gate)
        {
            // Who is not read from cannot answer; what it takes shows that it lives.
            long silence = now - Math.Max(_pauses.DeafUntil, _pauses.IsWaitingForRoom ? Math.Max(_lastRead, _writer.LastWritten) : _lastRead);
            if (_isEnding)
            {
                return;
            }

            if (_queue.Bytes > _limits.MaxQueuedBytes && now - _writer.WritingSince > _limits.Patience.TotalMilliseconds)
            {
                GiveUpLocked();
            }
            else if (silence > (_limits.PingAfter + _limits.PongTimeout).TotalMilliseconds && now - _pingedAt > _limits.PongTimeout.TotalMilliseconds)
            {
                _isEnding = true;
                _misdeed(WireMisdeed.NoPong);
                Abort();
            }
            else if (silence > _limits.PingAfter.TotalMilliseconds && _pingedAt is null)
            {
                // It has its time from here: on a busy machine this may come late.
                _pingedAt = now;
                PingLocked();
            }
        }
    }

    /// <summary>Something was read.</summary>
    public void Heard()
    {
        lock (_gate)
        {
            _lastRead = Environment.TickCount64;
            _pingedAt = null;
        }
    }

    /// <summary>The client asked whether we live.</summary>
    /// <param name="payload">What it wants to have back.</param>
    public void Pong(ReadOnlySpan<byte> payload)
    {
        if (_faults.HasNoPong)
        {
            return;
        }

        lock (_gate)
        {
            if (!_isEnding)
            {
                _queue.AddPong(FrameWriter.Control(FrameOpcode.Pong, payload));
                _writer.Start();
            }
        }
    }

    /// <summary>The client said goodbye, first or in answer to ours.</summary>
    public void SaidGoodbye(int status)
    {
        lock (_gate)
        {
            Ending = _isEnding ? Ending : (ConnectionEnd.Client, status, "");
        }

        EndNow(status, "");
    }

    /// <summary>Waits while the client is unheard.</summary>
    public Task HearingAsync() => _pauses.HearingAsync();

    private bool HasRoom => _isEnding || _queue.Bytes <= _limits.MaxQueuedBytes / 4;

    /// <summary>Waits while too much waits for the client: who floods us with what has to be answered is not read from.</summary>
    public Task RoomAsync()
    {
        lock (_gate)
        {
            return HasRoom ? Task.CompletedTask : _pauses.RoomAsync();
        }
    }

    private void MakeRoom()
    {
        if (HasRoom)
        {
            _pauses.MakeRoom();
        }
    }

    /// <summary>The goodbye overtakes what waits.</summary>
    public void EndNow(int status, string reason)
    {
        lock (_gate)
        {
            StartPatience();
            if (!_isEnding)
            {
                Discard();
                EndLocked(status, reason);
            }
        }
    }

    private void GiveUpLocked()
    {
        _misdeed(WireMisdeed.ReadsTooSlowly);
        Discard();
        EndLocked(CloseCode.Policy, "The client does not read what it is sent.");
        StartPatience();
    }

    private void EndLocked(int status, string reason)
    {
        if (_isEnding)
        {
            return;
        }

        _isEnding = true;
        if (Ending.Kind != ConnectionEnd.Client && status != SimulatorEffect.BrokenConnection)
        {
            Ending = (ConnectionEnd.Server, status, reason);
        }

        _queue.Add(status == SimulatorEffect.BrokenConnection
            ? new Special([], FrameMarks.None with { End = WireEnd.Fin })
            : new Special(FrameWriter.Control(FrameOpcode.Close, CloseFrame.Write(status, reason)), null, Goodbye: true));
        MakeRoom();
        _writer.Start();
    }

    private void Discard()
    {
        long before = _queue.Bytes;
        _queue.Discard();
        _account.Add(_queue.Bytes - before);
    }

    private void Ping()
    {
        lock (_gate)
        {
            PingLocked();
        }
    }

    private void PingLocked()
    {
        if (!_isEnding)
        {
            _queue.AddPing(FrameWriter.Control(FrameOpcode.Ping, default));
            _writer.Start();
        }
    }

    /// <summary>Something was written: its bytes wait no longer.</summary>
    public void Written(long bytes)
    {
        lock (_gate)
        {
            _account.Add(-bytes);
            MakeRoom();
        }
    }

    /// <summary>What is written does not arrive any more.</summary>
    public void WriteFailed()
    {
        lock (_gate)
        {
            _isEnding = true;
            MakeRoom();
        }

        Abort();
    }

    /// <summary>The client went without a goodbye: nothing more is written.</summary>
    private async Task LoseAsync()
    {
        lock (_gate)
        {
            if (!_isEnding)
            {
                _misdeed(WireMisdeed.LeftWithoutGoodbye);
            }

            _isEnding = true;
        }

        await _gone.CancelAsync().ConfigureAwait(false);
        Abort();
    }

    /// <summary>From now on the client has the limits' patience to take the goodbye and to end its side.</summary>
    public void StartPatience()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _patience ??= TimeProvider.System.CreateTimer(static connection => ((ClientConnection)connection!).Abort(), this, _limits.Patience, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Ends the stream at once.</summary>
    public void Abort()
    {
        // A timer may come when the stream has gone back to its owner already.
        lock (_gate)
        {
            if (!_isDisposed)
            {
                SocketEnd.Reset(_socket);
                _abort();
                _pauses.EndDeafness();
            }
        }
    }

    private void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            _isDisposed = true;
            _account.Add(-_queue.Bytes);
            _queue.Clear();
            _patience?.Dispose();
            _pinging?.Dispose();
        }

        _gone.Dispose();
    }
}
