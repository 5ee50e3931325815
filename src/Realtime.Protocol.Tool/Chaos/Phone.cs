using System.Net.WebSockets;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>
/// One caller in real time, over the protocol of calls: its microphone is never still, it plays what comes as long as it lasts and reports it, and when a line breaks, falls silent or is moved it dials the next gateway with the newest ticket. What
/// it asked and heard is in its <see cref="CallNotes"/>.
/// </summary>
internal sealed class Phone : IAsyncDisposable
{
    private const int NoGoodbye = 1006;
    private const int TicksToReport = 3; // 120 ms
    private const int MessageBytes = 256 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan PingEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly CallNotes _notes;
    private readonly PhoneWorld _world;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<PhoneLine> _left = [];
    private readonly PhoneDialler _dialler;
    private readonly PhoneNews _news;
    private readonly Task _running;
    private PhoneLine? _line;
    private int _said;
    private int _isLeft;

    /// <summary>Dials at once.</summary>
    /// <param name="notes">Its book, from now on the phone's.</param>
    /// <param name="world">What all phones have in common.</param>
    /// <param name="gateway">Which gateway it dials first.</param>
    public Phone(CallNotes notes, PhoneWorld world, int gateway)
    {
        (_notes, _world) = (notes, world);
        _said = world.Question.Length;
        _dialler = new(world, notes.Id, _leaving.Token);
        _news = new(_lock, world.Time);
        _running = RunAsync(gateway);
    }

    public string Id => _notes.Id;

    /// <summary>Reads the book while nobody writes in it.</summary>
    public T Read<T>(Func<CallNotes, T> read)
    {
        lock (_lock)
        {
            return read(_notes);
        }
    }

    /// <summary>Waits until the book says so.</summary>
    /// <param name="isTrue">Of the book.</param>
    /// <param name="patience">How long.</param>
    /// <returns>False when it never did.</returns>
    public Task<bool> WaitAsync(Func<CallNotes, bool> isTrue, TimeSpan patience) => _news.WaitAsync(() => isTrue(_notes), patience, _running);

    /// <summary>Says the next question, and waits until its answer was heard to its end, on whatever line.</summary>
    /// <returns>False when it never was; the book says why.</returns>
    public async Task<bool> AskAsync(TimeSpan patience)
    {
        int number;
        int faults;
        lock (_lock)
        {
            _notes.Ask();
            (number, faults) = (_notes.Asked, _notes.Faults.Count);
            _said = 0;
        }

        // Behind a fault, no answer means what it should.
        bool isOver = await WaitAsync(notes => notes.Answered >= number || notes.Faults.Count > faults, patience);
        if (!isOver)
        {
            lock (_lock)
            {
                _notes.Fault($"question {number} was not answered in {patience.TotalSeconds:0} s");
            }
        }

        return isOver && Read(notes => notes.Answered >= number);
    }

    /// <summary>
    /// What became of the lines that fell silent: the close code of each on which an answer sounded, null for a line that is still open. The others are broken off: over there nothing happens any more that could tell of the loss.
    /// </summary>
    public async Task<IReadOnlyList<int?>> LeftLinesAsync(TimeSpan patience)
    {
        PhoneLine[] left;
        lock (_lock)
        {
            left = [.. _left];
            _left.Clear();
        }

        PhoneLine[] speaking = [.. left.Where(static line => line.WasHearing)];
        await Task.WhenAll(speaking.Select(static line => (Task)line.Reading)).WaitAsync(patience, _world.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int?[] closings = [.. speaking.Select<PhoneLine, int?>(static line => line.Reading.IsCompleted ? (int?)line.Socket.CloseStatus ?? NoGoodbye : null)];
        await LeaveAsync(left);
        return closings;
    }

    /// <summary>Leaves as a page does that is closed: the call stays in the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) == 1)
        {
            return;
        }

        await _leaving.CancelAsync();
        await _running;
        PhoneLine[] left;
        lock (_lock)
        {
            left = [.. _left];
            _left.Clear();
        }

        await LeaveAsync(left);
        _leaving.Dispose();
    }

    private static async Task LeaveAsync(IEnumerable<PhoneLine> lines)
    {
        foreach (PhoneLine line in lines)
        {
            line.Socket.Abort();
            await line.Reading;
            line.Socket.Dispose();
        }
    }

    private TimeSpan Now => _world.Now;

    private async Task RunAsync(int gateway)
    {
        await Task.Yield();
        TimeSpan wait = FirstWait;
        while (!_leaving.IsCancellationRequested)
        {
            PhoneLine? line = await _dialler.DialAsync(gateway);
            if (line is not null)
            {
                LineEnd end = await TalkAsync(line);
                if (end is LineEnd.HungUp)
                {
                    return;
                }

                wait = line.WasReady ? FirstWait : wait;
            }

            gateway = (gateway + 1) % _world.Gateways.Count;
            if (line is not { WasReady: true })
            {
                await Task.Delay(wait, _world.Time, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
    }

    private async Task<LineEnd> TalkAsync(PhoneLine line)
    {
        lock (_lock)
        {
            _line = line;
        }

        line.Reading = ReadAsync(line);
        LineEnd end = await SpeakAsync(line);
        lock (_lock)
        {
            _line = null;
            if (line.WasReady)
            {
                line.WasHearing = _notes.WasHearing(line.HeardAt, PingEvery * 2);
                _notes.Break(end, Now, end is LineEnd.Silent ? line.HeardAt : null);
                _news.Change();
            }

            if (end is LineEnd.Silent)
            {
                _left.Add(line);
            }
        }

        if (end is LineEnd.Silent)
        {
            // It stays open, as a line does whose other end stopped. All that came of it, and still comes, is reported as if it were heard, so that the one that lost the call has something to save.
            if (line.Turn > 0)
            {
                await line.ReportAsync(line.Turn, line.TurnBytes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return end;
        }

        if (end is LineEnd.HungUp)
        {
            await line.Socket.CloseOutputAsync((WebSocketCloseStatus)1001, "", CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)line.Reading).WaitAsync(PhoneLine.SilentAfter, _world.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        line.Socket.Abort();
        await line.Reading;
        line.Socket.Dispose();
        return end;
    }

    /// <summary>The microphone, the loudspeaker and the watch over the line, at the pace of sound, until the line ends.</summary>
    private async Task<LineEnd> SpeakAsync(PhoneLine line)
    {
        using var ticks = new PeriodicTimer(Tick, _world.Time);
        byte[] frame = new byte[Pcm.Bytes(Tick)];
        TimeSpan playedAt = Now;
        TimeSpan spokenAt = playedAt;
        TimeSpan nextPing = playedAt;
        TimeSpan waitedAt = playedAt;
        TimeSpan listeningSince = playedAt;
        (int Turn, long Bytes) told = default;
        int tick = 0;
        try
        {
            for (; await ticks.WaitForNextTickAsync(CancellationToken.None); waitedAt = Now)
            {
                TimeSpan now = Now;
                TimeSpan late = now - waitedAt - Tick;
                if (late >= CallNotes.StoodStill)
                {
                    // What was said meanwhile is still to be read.
                    listeningSince = now;
                }

                if (late > TimeSpan.Zero && line.WasReady)
                {
                    lock (_lock)
                    {
                        _notes.Delay(late);
                    }
                }

                if (_leaving.IsCancellationRequested)
                {
                    return LineEnd.HungUp;
                }

                if (line.Reading.IsCompleted)
                {
                    return await line.Reading;
                }

                if (now - line.HeardAt > PhoneLine.SilentAfter && now - listeningSince > PhoneLine.SilentAfter)
                {
                    return LineEnd.Silent;
                }

                long due = Pcm.Bytes(now - playedAt);
                playedAt += Pcm.Duration(due);
                (int Turn, long Bytes) played;
                bool isChanged;
                lock (_lock)
                {
                    isChanged = _notes.Play(due, now);
                    played = _notes.Position;
                }

                // As many frames as the time that passed, however late the tick.
                for (; now - spokenAt >= Tick; spokenAt += Tick)
                {
                    lock (_lock)
                    {
                        Speak(line, frame);
                    }

                    await line.SendAsync(frame, WebSocketMessageType.Binary);
                }

                if (line.WasReady && played.Turn > 0 && played != told && (played.Turn != told.Turn || isChanged || ++tick % TicksToReport == 0))
                {
                    told = played;
                    await line.ReportAsync(played.Turn, played.Bytes);
                }

                if (isChanged)
                {
                    lock (_lock)
                    {
                        _news.Change();
                    }
                }

                if (now >= nextPing)
                {
                    nextPing = now + PingEvery;
                    await line.SendAsync("{\"type\":\"ping\"}"u8.ToArray(), WebSocketMessageType.Text);
                }
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The reader knows how it ended; who stopped takes nothing and says nothing.
            return await line.Reading.WaitAsync(PhoneLine.SilentAfter, _world.Time).ContinueWith(static read => read.IsCompletedSuccessfully ? read.Result : LineEnd.Silent, TaskScheduler.Default);
        }

        return LineEnd.HungUp;
    }

    // The next of the question, or silence. Nothing is said before the call is open, so that it need not be said again.
    private void Speak(PhoneLine line, byte[] frame)
    {
        Array.Clear(frame);
        if (line.WasReady && _said < _world.Question.Length)
        {
            int length = Math.Min(frame.Length, _world.Question.Length - _said);
            _world.Question.Span.Slice(_said, length).CopyTo(frame);
            _said += length;
        }
    }

    private async Task<LineEnd> ReadAsync(PhoneLine line)
    {
        byte[] message = new byte[MessageBytes];
        try
        {
            while (true)
            {
                (WebSocketMessageType type, int length) = await line.ReceiveAsync(message);
                line.HeardAt = Now;
                if (type is WebSocketMessageType.Close)
                {
                    return EndOf(line, (int?)line.Socket.CloseStatus);
                }

                bool isText = type is WebSocketMessageType.Text;
                bool isLeft;
                lock (_lock)
                {
                    isLeft = line != _line;
                    Take(line, message.AsSpan(0, length), isText, isLeft);
                    _news.Change();
                }

                if (isLeft && !isText)
                {
                    await line.ReportAsync(line.Turn, line.TurnBytes);
                }
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            return LineEnd.Broken;
        }
    }

    private LineEnd EndOf(PhoneLine line, int? status)
    {
        switch (status)
        {
            case 1012:
                return LineEnd.Moved;
            case 1013 when !line.WasReady:
                return LineEnd.Broken;
            case null or 1005:
                return LineEnd.Broken;
            default:
                lock (_lock)
                {
                    // Of a line that was left, whoever left it asks.
                    if (line == _line && !_leaving.IsCancellationRequested)
                    {
                        _notes.Fault($"its line was closed with {status} ({line.Error ?? line.Socket.CloseStatusDescription})");
                    }
                }

                return LineEnd.Wrong;
        }
    }

    private void Take(PhoneLine line, ReadOnlySpan<byte> message, bool isText, bool isLeft)
    {
        if (!isText)
        {
            line.TurnBytes += message.Length;
            if (!isLeft)
            {
                _notes.Sound(message.Length, Now);
            }

            return;
        }

        var reader = new Utf8JsonReader(message);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement json = document.RootElement;
        string? type = json.GetProperty("type").GetString();
        if (type is "turn")
        {
            (line.Turn, line.TurnBytes) = (json.GetProperty("turn").GetInt32(), 0);
        }

        if (isLeft)
        {
            return;
        }

        switch (type)
        {
            case "ready":
                line.WasReady = true;
                if (json.TryGetProperty("ticket", out JsonElement ticket))
                {
                    _dialler.Take(ticket.GetString()!);
                }

                if (_notes.Open(line.Gateway, json.GetProperty("items").GetInt32(), Now))
                {
                    _said = 0;
                }
                else if (_notes.Lines.Count > 1)
                {
                    _said = _world.Question.Length;
                }

                break;
            case "error":
                line.Error = json.GetProperty("message").GetString();
                break;
            case "turn":
                _notes.Turn(json.GetProperty("turn").GetInt32(), Now);
                break;
            case "turn_end":
                _notes.TurnEnd(json.GetProperty("turn").GetInt32(), json.GetProperty("bytes").GetInt64(), Now);
                break;
            case "clear":
                _notes.Clear(json.GetProperty("turn").GetInt32());
                break;
            case "caption" when json.GetProperty("side").GetString() == "model":
                _notes.Caption(json.GetProperty("turn").GetInt32(), json.GetProperty("text").GetString()!, json.GetProperty("final").GetBoolean(), Now);
                break;
        }
    }
}
