using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>
/// One caller of our own protocol, as a page in a browser is one: it speaks frame by frame, plays what it hears in real time, reports what was played, and dials the next gateway when the line breaks or when it is asked to move. What was said of
/// a question whose line broke is said again, where no answer comes by itself. It counts what it asked and what it heard to its end.
/// </summary>
/// <param name="id">Of the call.</param>
/// <param name="gateways">Where to dial, one after the other.</param>
internal sealed class Phone(string id, IReadOnlyList<Uri> gateways, HttpClient http) : IAsyncDisposable
{
    // How long after a break somebody dials again, as the page of the protocol advises for the first time; and how long an answer that should come by itself is waited for.
    private const int RedialMs = 40;
    private const int AnswerPatienceMs = 3_000;

    private const int ReportMs = 200;

    private static readonly byte[][] Pieces = [.. TalkCycle.MakeSound().Chunk(TalkCycle.PieceMs * TalkCycle.BytesPerMs)];

    private readonly Lock _lock = new();
    private readonly List<Answer> _answers = [];
    private readonly List<double> _firstSounds = [];
    private readonly List<double> _resumed = [];
    private readonly List<double> _moved = [];
    private readonly byte[] _message = new byte[64 * 1_024];

    private ClientWebSocket? _socket;
    private Task _sending = Task.CompletedTask;
    private Task _life = Task.CompletedTask;
    private Speaker _speaker = new(0, 0, 0);
    private string? _ticket;
    private int _gateway;
    private bool _isOpen;
    private bool _isHangingUp;
    private long? _stoppedSpeakingAt;
    private long? _askedBefore;
    private int _heard;
    private int _reportedMs;

    /// <summary>From the dial to <c>ready</c>, in ms, the first time.</summary>
    public double ReadyMs { get; private set; }

    /// <summary>Whether every question of this talk was asked, and an answer heard for each.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
            {
                return _speaker.IsDone && _heard >= _speaker.Cycle;
            }
        }
    }

    /// <summary>How much of the answer that is being said was played, in ms; 0 where none is.</summary>
    public int PlayedMs
    {
        get
        {
            lock (_lock)
            {
                return _answers.Count > 0 ? (int)(_answers[0].Played / TalkCycle.BytesPerMs) : 0;
            }
        }
    }

    /// <summary>Dials the first of its gateways, and is ready when it returns.</summary>
    public async Task OpenAsync()
    {
        long began = Stopwatch.GetTimestamp();
        using HttpResponseMessage ticket = await http.PostAsync(new Uri(gateways[0], $"/ticket/{id}"), null);
        _ticket = await ticket.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        _socket = await DialAsync();
        var ready = new TaskCompletionSource();
        _life = LiveAsync(ready);
        await ready.Task;
        ReadyMs = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>A talk begins.</summary>
    public void Begin(Speaker speaker)
    {
        lock (_lock)
        {
            _speaker = speaker;
            (_heard, _stoppedSpeakingAt, _askedBefore) = (0, null, null);
            _firstSounds.Clear();
            _resumed.Clear();
            _moved.Clear();
        }
    }

    /// <summary>Breaks its line, and is ready at the next gateway when it returns. Not during a talk.</summary>
    /// <returns>From the break to <c>ready</c>, in ms.</returns>
    public async Task<double> HopAsync()
    {
        int before = _resumed.Count;
        _socket!.Abort();
        while (true)
        {
            lock (_lock)
            {
                if (_resumed.Count > before)
                {
                    return _resumed[^1];
                }
            }

            if (_life.IsCompleted)
            {
                await _life;
                throw new InvalidOperationException("The phone has hung up, and goes on nowhere.");
            }

            await Task.Delay(10); // nothing tells of it
        }
    }

    /// <summary>20 ms have passed: it says a piece, and has played a piece. Called by one thread.</summary>
    /// <param name="due">When this moment was to be, as a timestamp.</param>
    public void Tick(long due)
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                return;
            }

            Play();
            if (_askedBefore is { } asked && Stopwatch.GetElapsedTime(asked).TotalMilliseconds > AnswerPatienceMs)
            {
                // No answer came by itself, so the question had not arrived.
                _askedBefore = null;
                _speaker.Again();
            }

            if (_speaker.IsDone)
            {
                Send(Pieces[^1], WebSocketMessageType.Binary); // a microphone is never still
                return;
            }

            int piece = _speaker.Next(_heard);
            _stoppedSpeakingAt = piece == TalkCycle.Timetable.Trigger ? due : _stoppedSpeakingAt;
            Send(Pieces[piece], WebSocketMessageType.Binary);
        }
    }

    /// <summary>What came of the talk.</summary>
    public PhoneReport Report()
    {
        lock (_lock)
        {
            return new(_speaker.Cycle, Math.Min(_heard, _speaker.Cycle), Math.Max(0, _heard - _speaker.Cycle), [.. _firstSounds], [.. _resumed], [.. _moved]);
        }
    }

    /// <summary>Hangs up, and waits until the gateway has answered.</summary>
    public async ValueTask DisposeAsync()
    {
        ClientWebSocket? socket;
        Task sending;
        lock (_lock)
        {
            (_isHangingUp, _isOpen) = (true, false);
            (socket, sending) = (_socket, _sending);
        }

        try
        {
            await sending;
            await (socket?.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None) ?? Task.CompletedTask);
        }
        catch (Exception gone) when (gone is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The line is gone already.
        }

        await _life;
        _socket?.Dispose();
    }

    private async Task<ClientWebSocket> DialAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("realtime-call.v1");
        socket.Options.AddSubProtocol("ticket." + _ticket);
        var address = new UriBuilder(gateways[_gateway % gateways.Count]) { Scheme = "ws", Path = $"/call/{id}" };
        try
        {
            await socket.ConnectAsync(address.Uri, CancellationToken.None);
            return socket;
        }
        catch (WebSocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One line after the other, until it hangs up.</summary>
    private async Task LiveAsync(TaskCompletionSource ready)
    {
        (long At, bool IsMove)? broke = null;
        while (true)
        {
            bool isMove = await ListenAsync(ready, broke);
            lock (_lock)
            {
                _isOpen = false;
                if (_isHangingUp)
                {
                    ready.TrySetResult();
                    return;
                }

                broke = (Stopwatch.GetTimestamp(), isMove);
                _answers.Clear(); // what was not played is not played any more
                _gateway++;
            }

            await Task.Delay(isMove ? 0 : RedialMs);
            for (int wait = RedialMs; ; wait *= 2)
            {
                try
                {
                    ClientWebSocket next = await DialAsync();
                    _socket!.Dispose();
                    _socket = next;
                    break;
                }
                catch (WebSocketException) when (wait < 10_000)
                {
                    _gateway++;
                    await Task.Delay(wait);
                }
            }
        }
    }

    /// <summary>Listens until the line ends.</summary>
    /// <returns>Whether it is to dial again at once.</returns>
    private async Task<bool> ListenAsync(TaskCompletionSource ready, (long At, bool IsMove)? broke)
    {
        ClientWebSocket socket = _socket!;
        int length = 0;
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult read = await socket.ReceiveAsync(_message.AsMemory(length), CancellationToken.None);
                length += read.Count;
                if (read.MessageType is WebSocketMessageType.Close)
                {
                    bool isMove = (int?)socket.CloseStatus == 1012;
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                    return isMove;
                }

                if (!read.EndOfMessage)
                {
                    continue;
                }

                if (read.MessageType is WebSocketMessageType.Binary)
                {
                    HearSound(length);
                }
                else if (Take(_message.AsSpan(0, length), broke))
                {
                    ready.TrySetResult();
                }

                length = 0;
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private void HearSound(int bytes)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (_answers.Count == 0)
            {
                return;
            }

            _answers[^1].Received += bytes;
            if (_stoppedSpeakingAt is { } stopped)
            {
                _firstSounds.Add(Stopwatch.GetElapsedTime(stopped, now).TotalMilliseconds);
                _stoppedSpeakingAt = null;
            }
        }
    }

    /// <returns>Whether it is ready.</returns>
    private bool Take(ReadOnlySpan<byte> message, (long At, bool IsMove)? broke)
    {
        var reader = new Utf8JsonReader(message);
        using JsonDocument json = JsonDocument.ParseValue(ref reader);
        lock (_lock)
        {
            switch (json.RootElement.GetProperty("type").GetString())
            {
                case "ready":
                    _ticket = json.RootElement.GetProperty("ticket").GetString();
                    (_sending, _isOpen) = (Task.CompletedTask, true);
                    if (broke is var (at, isMove))
                    {
                        (isMove ? _moved : _resumed).Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                        GoOn();
                    }

                    return true;
                case "turn":
                    _answers.Add(new(json.RootElement.GetProperty("turn").GetInt32()));
                    _askedBefore = null;
                    break;
                case "turn_end" when _answers.Find(answer => answer.Turn == json.RootElement.GetProperty("turn").GetInt32()) is { } ended:
                    ended.All = json.RootElement.GetProperty("bytes").GetInt64();
                    break;
                case "clear":
                    _answers.RemoveAll(answer => answer.Turn <= json.RootElement.GetProperty("turn").GetInt32());
                    break;
                default:
                    break; // captions
            }
        }

        return false;
    }

    // What had been asked when the line broke: half a question is asked again, and a whole one is answered by itself, if it had arrived.
    private void GoOn()
    {
        _stoppedSpeakingAt = null;
        if (_heard >= _speaker.Cycle)
        {
            return;
        }

        if (_speaker.Piece <= TalkCycle.Timetable.Trigger)
        {
            _speaker.Again();
        }
        else
        {
            _askedBefore = Stopwatch.GetTimestamp();
        }
    }

    // Answers are played one after the other, as fast as they are spoken, and reported now and then and at their end.
    private void Play()
    {
        if (_answers is not [var answer, ..])
        {
            return;
        }

        answer.Played = Math.Min(answer.Received, answer.Played + (TalkCycle.PieceMs * TalkCycle.BytesPerMs));
        _reportedMs += TalkCycle.PieceMs;
        bool isOver = answer.Played == answer.All;
        if (isOver || _reportedMs >= ReportMs)
        {
            _reportedMs = 0;
            Send(Encoding.UTF8.GetBytes($$"""{"type":"played","turn":{{answer.Turn}},"bytes":{{answer.Played}}}"""), WebSocketMessageType.Text);
        }

        if (isOver)
        {
            _answers.RemoveAt(0);
            _heard++;
        }
    }

    // Usually the system takes it at once; else it waits behind what waits.
    private void Send(byte[] bytes, WebSocketMessageType type) =>
        _sending = _sending.IsCompleted ? SendAsync(_socket!, bytes, type) : SendBehindAsync(_sending, _socket!, bytes, type);

    private static async Task SendBehindAsync(Task before, ClientWebSocket socket, byte[] bytes, WebSocketMessageType type)
    {
        await before;
        await SendAsync(socket, bytes, type);
    }

    private static async Task SendAsync(ClientWebSocket socket, byte[] bytes, WebSocketMessageType type)
    {
        try
        {
            await socket.SendAsync(bytes.AsMemory(), type, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // Whoever listens is told.
        }
    }

    /// <summary>A turn of the model: what came of it, what was played, and how much it is in all; -1 until that is known.</summary>
    private sealed class Answer(int turn)
    {
        public int Turn => turn;

        public long Received { get; set; }

        public long Played { get; set; }

        public long All { get; set; } = -1;
    }
}
