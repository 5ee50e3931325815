namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// Who talks in one session, as people do: speaks, and then says nothing until the answer was heard. An answer that comes late on a busy machine is waited for and never spoken into, so an interruption
/// in such a talk is the session's doing or the server's. Where an answer never comes, it is waited for so long, and then for none any more.
/// </summary>
/// <param name="cycles">How often it speaks.</param>
/// <param name="pieces">Of how many pieces a cycle is; the last one is quiet.</param>
/// <param name="patience">How many pieces of quiet an answer that is late is waited for.</param>
public sealed class Speaker(int cycles, int pieces, int patience)
{
    private int _waited;
    private bool _hasGivenUp;

    /// <summary>Which cycle it is in, counted from 1; 0 before the first.</summary>
    public int Cycle { get; private set; }

    /// <summary>How many pieces of the cycle it has said.</summary>
    public int Piece { get; private set; }

    /// <summary>Whether it has said everything.</summary>
    public bool IsDone => Cycle == cycles && Piece == pieces;

    /// <summary>How many pieces it waited longest for an answer that was late.</summary>
    public int LongestWait { get; private set; }

    /// <summary>It says the cycle once more, from its beginning: what was said of it was lost on the way.</summary>
    public void Again() => Piece = 0;

    /// <summary>What it says now.</summary>
    /// <param name="answered">How many of its turns have ended.</param>
    /// <returns>Which piece of the cycle. Not to be asked for when it is done.</returns>
    public int Next(int answered)
    {
        if (Cycle == 0 || Piece == pieces)
        {
            if (answered < Cycle && !_hasGivenUp)
            {
                if (_waited < patience)
                {
                    LongestWait = Math.Max(LongestWait, ++_waited);
                    return pieces - 1;
                }

                _hasGivenUp = true;
            }

            (Cycle, Piece, _waited) = (Cycle + 1, 0, 0);
        }

        return Piece++;
    }
}
