namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>One way of being a client: connected, it asks for messages and takes them.</summary>
public interface IEventClient : IAsyncDisposable
{
    ValueTask AskAsync(int count);

    /// <returns>The touches of what was read; <see cref="EndToEndMessages"/> knows what they have to be.</returns>
    ValueTask<long> TakeAsync(int count);

    /// <summary>What taking so many messages has to return.</summary>
    long Expected(int count) => EndToEndMessages.Touches(count);
}
