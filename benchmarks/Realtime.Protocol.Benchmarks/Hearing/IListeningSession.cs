namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>One way of hearing what a server says: it has asked for a response, and hears piece by piece.</summary>
public interface IListeningSession : IAsyncDisposable
{
    /// <summary>Hears so many pieces more, and makes sure of each that it is the next one.</summary>
    /// <param name="pieces">How many.</param>
    /// <param name="ticks">Takes down, for each piece, how long after its sending its bytes could be read; empty for nobody who wants to know.</param>
    /// <exception cref="Answers.WrongAnswerException">A piece is not the next one, or damaged.</exception>
    ValueTask HearAsync(int pieces, Memory<long> ticks);
}
