using System.Globalization;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>
/// What one phone asked and what it heard, over all its lines: a pure book. It says when a question has to be said again, how far the sound has been played, and in the end what was wrong. A question is answered when its answer was heard to its
/// end; what was not played when a line broke is thrown away, as a caller does who waits for the next.
/// </summary>
internal sealed class CallNotes(string id)
{
    // What was heard to its end so shortly before the other side was gone may not have been stored: it may be said again.
    private static readonly TimeSpan NotStoredYet = TimeSpan.FromMilliseconds(500);

    // What had been heard for so long has its question in the journal.
    private static readonly TimeSpan StoredForSure = TimeSpan.FromSeconds(1);

    // Who stood still for so long himself cannot say of others that they did.
    public static readonly TimeSpan StoodStill = TimeSpan.FromSeconds(1);

    private readonly List<LineNotes> _lines = [];
    private readonly List<HeardTurn> _turns = [];
    private readonly List<string> _faults = [];
    private int _playing;
    private int _owed;

    public string Id { get; } = id;

    /// <summary>How many questions were asked.</summary>
    public int Asked { get; private set; }

    /// <summary>How many of them were answered to the end, each once.</summary>
    public int Answered { get; private set; }

    /// <summary>How many were lost with the line and said again.</summary>
    public int SaidAgain { get; private set; }

    public IReadOnlyList<LineNotes> Lines => _lines;

    public IReadOnlyList<HeardTurn> Turns => _turns;

    /// <summary>What was wrong so far, as sentences.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether an answer sounds.</summary>
    public bool IsHearing => _playing < _turns.Count && _turns[_playing] is { Played: > 0, IsOver: false };

    /// <summary>The session is open on a new line.</summary>
    /// <param name="gateway">Which gateway's.</param>
    /// <param name="items">How many items the conversation holds there.</param>
    /// <param name="at">When.</param>
    /// <returns>True when the open question is not among them and has to be said again.</returns>
    public bool Open(int gateway, int items, TimeSpan at)
    {
        LineNotes? before = _lines.Count > 0 ? _lines[^1] : null;
        _lines.Add(new(gateway, items, at));
        bool isOpen = Asked > Answered;
        int least = _owed;
        if (before is not null && Answered > 0 && LastWhole(Answered) is { } last && before.AliveUntil - last.EndedAt < NotStoredYet + before.Late)
        {
            // Its answer may have been cut to nothing, and is then said again.
            least--;
        }

        if (items < least)
        {
            Fault($"{least} items had been said and {items} were restored");
        }

        bool isLost = isOpen && items <= _owed;
        if (isLost && before is not null && _turns.Any(turn => turn.Line == _lines.Count - 1 && turn.Number == Asked && before.AliveUntil - turn.BeganAt >= StoredForSure + before.Late))
        {
            Fault($"question {Number(Asked)} was lost, though its answer had sounded for a second");
        }

        // From here on: what is there, without the open question, which is counted with its answer.
        _owed = isOpen && !isLost ? items - 1 : items;
        SaidAgain += isLost && before is not null ? 1 : 0;
        return isLost;
    }

    /// <summary>The next question is said.</summary>
    public void Ask() => Asked++;

    /// <summary>The sound that follows is of this turn.</summary>
    public void Turn(int turn, TimeSpan at)
    {
        if (_turns.Count == 0 || _turns[^1].Turn != turn || _turns[^1].Line != _lines.Count)
        {
            _turns.Add(new(_lines.Count, turn, at));
        }
    }

    public void Sound(int bytes, TimeSpan at)
    {
        if (_turns.Count > 0)
        {
            _turns[^1].Received += bytes;
            if (_lines[^1].FirstSoundAt is null)
            {
                _lines[^1].FirstSoundAt = at;
            }
        }
    }

    public void Caption(int turn, string text, bool isFinal, TimeSpan at)
    {
        Turn(turn, at);
        HeardTurn heard = _turns.Last(known => known.Turn == turn && known.Line == _lines.Count);
        heard.Words += text;
        heard.HasAllWords |= isFinal;
    }

    public void TurnEnd(int turn, long bytes, TimeSpan at)
    {
        Turn(turn, at);
        _turns.Last(known => known.Turn == turn && known.Line == _lines.Count).Bytes = bytes;
    }

    /// <summary>Nobody spoke over the model, so nothing is to be thrown away; but a question that is said while an answer is said again cuts that.</summary>
    public void Clear(int turn)
    {
        foreach (HeardTurn heard in _turns.Where(heard => heard.Line == _lines.Count && heard.Turn <= turn && !heard.IsOver))
        {
            heard.IsOver = true;
            _owed += heard.Played > 0 ? 1 : 0;
            if (heard.Number > Answered)
            {
                Fault($"the answer to question {Number(heard.Number)} was cut off");
            }
        }
    }

    /// <summary>The last turn of this line of which something was played, and how much; turn 0 for none.</summary>
    public (int Turn, long Bytes) Position => _turns.LastOrDefault(turn => turn.Line == _lines.Count && turn.Played > 0) is { } last ? (last.Turn, last.Played) : default;

    /// <summary>Plays on.</summary>
    /// <param name="bytes">As many as the time has room for.</param>
    /// <param name="at">When that is done.</param>
    /// <returns>Whether a turn came to its end, which is told at once.</returns>
    public bool Play(long bytes, TimeSpan at)
    {
        bool isEnded = false;
        for (; _playing < _turns.Count; _playing++)
        {
            HeardTurn turn = _turns[_playing];
            if (turn.IsOver)
            {
                continue;
            }

            long played = Math.Min(bytes, turn.Received - turn.Played);
            turn.Played += played;
            bytes -= played;
            if (turn.Bytes != turn.Played || !turn.HasAllWords)
            {
                break;
            }

            turn.IsOver = turn.IsWhole = true;
            turn.EndedAt = at;
            Hear(turn);
            isEnded = true;
        }

        return isEnded;
    }

    /// <summary>Whether an answer had begun to sound at a time, and had not come to its end for a while after it.</summary>
    public bool WasHearing(TimeSpan at, TimeSpan after) =>
        _turns.LastOrDefault(turn => turn.Line == _lines.Count && turn.Played > 0) is { } last && last.BeganAt <= at && (!last.IsWhole || last.EndedAt > at + after);

    /// <summary>The line is gone. What was not played is thrown away.</summary>
    /// <param name="how">How it ended.</param>
    /// <param name="at">When that was known.</param>
    /// <param name="aliveUntil">Until when the other side was there for sure; null for until then.</param>
    public void Break(LineEnd how, TimeSpan at, TimeSpan? aliveUntil = null)
    {
        (_lines[^1].End, _lines[^1].EndedAt, _lines[^1].AliveUntil) = (how, at, aliveUntil ?? at);
        foreach (HeardTurn turn in _turns.Where(static turn => !turn.IsOver))
        {
            turn.IsOver = true;
            if (how is LineEnd.Moved)
            {
                Fault($"the answer to question {Number(turn.Number)} was cut by a gateway that said it would be heard out");
            }
        }
    }

    /// <summary>We came to look at this line later than we wanted, by so much: what was seen then may have happened as much earlier.</summary>
    public void Delay(TimeSpan late)
    {
        if (_lines.Count > 0 && late > _lines[^1].Late)
        {
            _lines[^1].Late = late;
        }
    }

    /// <summary>What is wrong with how a line ended whose gateway drained, as a sentence; null for nothing.</summary>
    /// <param name="line">Which, from 1.</param>
    public string? FaultOfDrain(int line) =>
        _lines[line - 1] is { End: not LineEnd.Moved } notes && notes.Late < StoodStill ? $"call {Id}: the gateway that was asked to end did not move it, but its line ended as {notes.End}." : null;

    /// <summary>Something else was wrong.</summary>
    public void Fault(string what) => _faults.Add($"call {Id}: {what}.");

    private void Hear(HeardTurn turn)
    {
        if (turn.Number == Answered + 1 && turn.Number <= Asked)
        {
            Answered++;
            _owed += 2; // it and its question
            return;
        }

        _owed++;
        if (turn.Number < 1 || turn.Number > Asked)
        {
            Fault($"\"{turn.Words}\" was heard, and {Number(Asked)} questions were asked");
        }
        else if (LastWhole(turn.Number, before: turn) is not { } first || first.Line == turn.Line || _lines[first.Line - 1] is var before && before.AliveUntil - first.EndedAt >= NotStoredYet + before.Late)
        {
            Fault($"the answer to question {Number(turn.Number)} was heard twice");
        }
    }

    private HeardTurn? LastWhole(int number, HeardTurn? before = null) => _turns.LastOrDefault(turn => turn.IsWhole && turn.Number == number && turn != before);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a line ended.</summary>
internal enum LineEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>Without a word.</summary>
    Broken,

    /// <summary>Nothing was answered any more.</summary>
    Silent,

    /// <summary>The gateway said that it stops, when all was heard.</summary>
    Moved,

    /// <summary>We hung up.</summary>
    HungUp,

    /// <summary>In any other way, which is a fault.</summary>
    Wrong,
}

/// <summary>One line of a call, from <c>ready</c> on.</summary>
internal sealed class LineNotes(int gateway, int items, TimeSpan readyAt)
{
    public int Gateway { get; } = gateway;

    public int Items { get; } = items;

    public TimeSpan ReadyAt { get; } = readyAt;

    public TimeSpan? FirstSoundAt { get; set; }

    public LineEnd End { get; set; }

    public TimeSpan EndedAt { get; set; }

    /// <summary>By how much later than wanted we looked at it, at worst: how long this process stood still itself.</summary>
    public TimeSpan Late { get; set; }

    /// <summary>Until when the other side was there for sure. What was told it later is not known to anybody.</summary>
    public TimeSpan AliveUntil { get; set; }
}

/// <summary>One turn of the model as it was heard.</summary>
internal sealed class HeardTurn(int line, int turn, TimeSpan beganAt)
{
    /// <summary>On which line, from 1.</summary>
    public int Line { get; } = line;

    public int Turn { get; } = turn;

    public TimeSpan BeganAt { get; } = beganAt;

    public TimeSpan EndedAt { get; set; }

    public string Words { get; set; } = "";

    public bool HasAllWords { get; set; }

    public long Received { get; set; }

    public long Played { get; set; }

    /// <summary>How many bytes it has; -1 as long as nobody knows.</summary>
    public long Bytes { get; set; } = -1;

    /// <summary>Nothing of it is played any more.</summary>
    public bool IsOver { get; set; }

    /// <summary>It was heard to its end.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Which question it answers, as it says itself; 0 when it does not.</summary>
    public int Number => CountingModel.QuestionOf(Words);
}
