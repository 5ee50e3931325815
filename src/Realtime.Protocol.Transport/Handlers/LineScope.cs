using System.Collections;

namespace Realtime.Protocol.Transport;

/// <summary>What a line of the log is about, as loggers with structure read it and as others print it: the call, the session, and the turn where it is about one.</summary>
/// <param name="callId">The application's name of the session; null for none.</param>
/// <param name="sessionId">The service's; null until it is known.</param>
/// <param name="turn">The number of a turn; null for none.</param>
internal sealed class LineScope(string? callId, string? sessionId, int? turn) : IReadOnlyList<KeyValuePair<string, object?>>
{
    // Made when the line is written, not where it is said.
    private List<KeyValuePair<string, object?>>? _pairs;

    public bool IsEmpty => callId is null && sessionId is null && turn is null;

    public int Count => Pairs.Count;

    public KeyValuePair<string, object?> this[int index] => Pairs[index];

    private List<KeyValuePair<string, object?>> Pairs => _pairs ??= PairsOf(callId, sessionId, turn);

    /// <summary>The turn that a message names, whichever it is.</summary>
    /// <param name="state">What the message is made of.</param>
    public static int? TurnIn<TState>(TState state)
    {
        if (state is IReadOnlyList<KeyValuePair<string, object?>> parts)
        {
            for (int i = 0; i < parts.Count; i++)
            {
                if (parts[i] is { Key: "Turn", Value: int turn })
                {
                    return turn;
                }
            }
        }

        return null;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(", ", Pairs.Select(static pair => $"{pair.Key}: {pair.Value}"));

    private static List<KeyValuePair<string, object?>> PairsOf(string? callId, string? sessionId, int? turn)
    {
        List<KeyValuePair<string, object?>> pairs = [];
        if (callId is not null)
        {
            pairs.Add(new("CallId", callId));
        }

        if (sessionId is not null)
        {
            pairs.Add(new("SessionId", sessionId));
        }

        if (turn is { } number)
        {
            pairs.Add(new("Turn", number));
        }

        return pairs;
    }
}
