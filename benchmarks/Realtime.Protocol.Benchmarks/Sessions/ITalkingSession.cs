namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>One way of being a client of a voice session: configured, it asks for an answer, speaks, and hears, all at the same time.</summary>
public interface ITalkingSession : IAsyncDisposable
{
    /// <summary>Asks for a response.</summary>
    Task BeginAsync();

    /// <summary>Hands over a piece of speech.</summary>
    ValueTask SpeakAsync(ReadOnlyMemory<byte> piece);

    /// <returns>How many bytes of audio were heard; at least one.</returns>
    ValueTask<int> HearAsync();

    /// <summary>Has the server end the response, and waits for that end.</summary>
    Task EndAsync();
}
