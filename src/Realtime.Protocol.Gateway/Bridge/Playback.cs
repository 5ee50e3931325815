namespace Realtime.Protocol.Gateway;

/// <summary>
/// What was sent of each turn, and what of it was heard. A report is believed up to what was sent; one of a turn that was cleared, or is not known, changes nothing. A turn is over when all of it was sent and heard, or when it, or
/// one behind it, was cleared. Any thread.
/// </summary>
internal sealed class Playback
{
    // Of a caller's side that never reports, the oldest turns are forgotten.
    private const int MaxTurns = 64;

    private readonly Lock _lock = new();
    private readonly List<Sending> _turns = [];

    /// <summary>Nothing runs, nothing is to be heard.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (_lock)
            {
                return _turns.Count == 0;
            }
        }
    }

    public void Begin(Turn turn)
    {
        lock (_lock)
        {
            if (_turns.Count == MaxTurns)
            {
                _turns.RemoveAt(0);
            }

            _turns.Add(new(turn));
        }

        // From now on reports count, and not what was read.
        turn.ReportPlayed(0);
    }

    /// <summary>A piece goes out: so much of the turn, as so many bytes of the line. Gives where it ends on the line.</summary>
    public long Sent(Turn turn, long turnBytes, int lineBytes)
    {
        lock (_lock)
        {
            if (Find(turn.Number) is not { } sending)
            {
                return 0;
            }

            sending.TurnBytes = turnBytes;
            return sending.LineBytes += lineBytes;
        }
    }

    /// <summary>Nothing of the turn follows. Gives how much of it went over the line.</summary>
    public long Complete(Turn turn, long turnBytes)
    {
        lock (_lock)
        {
            if (Find(turn.Number) is not { } sending)
            {
                return 0;
            }

            (sending.TurnBytes, sending.IsWhole) = (turnBytes, true);
            RemoveIfOver(sending);
            return sending.LineBytes;
        }
    }

    /// <summary>The caller's side has played so much of a turn.</summary>
    public void Played(int number, long lineBytes)
    {
        Turn turn;
        long bytes;
        lock (_lock)
        {
            if (Find(number) is not { } sending || sending.IsSilenced || lineBytes < 0)
            {
                return;
            }

            sending.Heard = Math.Max(sending.Heard, Math.Min(lineBytes, sending.LineBytes));
            (turn, bytes) = (sending.Turn, sending.HeardOfTurn);
            RemoveIfOver(sending);

            // Turns are played one after the other.
            _turns.RemoveAll(earlier => earlier.Turn.Number < number && earlier.IsWhole);
        }

        turn.ReportPlayed(bytes);
    }

    /// <summary>Where this side keeps the pace: so much of the turn itself was heard.</summary>
    public void PlayedOfTurn(Turn turn, long turnBytes)
    {
        turn.ReportPlayed(turnBytes);
        lock (_lock)
        {
            if (Find(turn.Number) is { IsWhole: true } sending && turnBytes >= sending.TurnBytes)
            {
                _turns.Remove(sending);
            }
        }
    }

    /// <summary>Takes the turns that were silenced, once each. True when something of them went out: then the newest of them is to be cleared, and with it those before it are over.</summary>
    public bool TakeSilenced(out int newest)
    {
        newest = 0;
        lock (_lock)
        {
            for (int i = _turns.Count - 1; i >= 0; i--)
            {
                if (_turns[i].IsSilenced)
                {
                    newest = _turns[i].LineBytes > 0 ? Math.Max(newest, _turns[i].Turn.Number) : newest;
                    _turns.RemoveAt(i);
                }
            }

            if (newest > 0)
            {
                // A clear takes what waits to be played before it as well.
                int cleared = newest;
                _turns.RemoveAll(earlier => earlier.Turn.Number <= cleared);
            }
        }

        return newest > 0;
    }

    private Sending? Find(int number)
    {
        foreach (Sending sending in _turns)
        {
            if (sending.Turn.Number == number)
            {
                return sending;
            }
        }

        return null;
    }

    private void RemoveIfOver(Sending sending)
    {
        if (sending.IsWhole && sending.Heard >= sending.LineBytes)
        {
            _turns.Remove(sending);
        }
    }

    private sealed class Sending(Turn turn)
    {
        public Turn Turn { get; } = turn;

        public long TurnBytes { get; set; }

        public long LineBytes { get; set; }

        public long Heard { get; set; }

        public bool IsWhole { get; set; }

        public bool IsSilenced => Turn.Silenced.IsCancellationRequested;

        // In proportion, down to a whole sample; all is all.
        public long HeardOfTurn => Heard == LineBytes ? TurnBytes : (long)((Int128)TurnBytes * Heard / LineBytes) & ~1L;
    }
}
