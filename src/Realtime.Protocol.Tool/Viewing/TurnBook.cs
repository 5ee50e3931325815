namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// Which turn an event belongs to. A turn begins with the user, and goes on with every response until the user contributes again; a model that speaks before anybody did has a
/// turn of its own.
/// </summary>
internal sealed class TurnBook
{
    private const int Most = 5_000;
    private const int MostResponses = 20_000;

    private readonly List<PicturedTurn> _turns = [];
    private readonly Dictionary<string, PicturedTurn> _turnsOfItems = [];
    private readonly Dictionary<string, PicturedResponse> _responses = [];

    public IReadOnlyList<PicturedTurn> Turns => _turns;

    public int LeftOut { get; private set; }

    public PicturedTurn? Current { get; private set; }

    /// <summary>The response that began last and has not ended.</summary>
    public PicturedResponse? Active { get; private set; }

    /// <summary>The user contributes something.</summary>
    public PicturedTurn BeginUser(double at, string by) =>
        Current is { Responses.Count: 0 } ? Current : Begin(at, by);

    /// <summary>Remembers whose an item is.</summary>
    public void Own(string? item)
    {
        if (item is not null && Current is not null)
        {
            _turnsOfItems.TryAdd(item, Current);
        }
    }

    /// <summary>The turn of an item of the user.</summary>
    public PicturedTurn? TurnOf(string? item) => item is not null ? _turnsOfItems.GetValueOrDefault(item) : null;

    /// <summary>A response begins, or is heard of for the first time.</summary>
    public PicturedResponse BeginResponse(string? id, double at)
    {
        PicturedTurn turn = Current ?? Begin(at, "model");
        string key = id ?? $"?{_responses.Count}";
        if (_responses.TryGetValue(key, out PicturedResponse? known))
        {
            return known;
        }

        Active = new PicturedResponse(key, at, turn);
        if (_responses.Count < MostResponses)
        {
            _responses[key] = Active;
            turn.Responses.Add(Active);
        }
        else
        {
            LeftOut++;
        }

        return Active;
    }

    /// <summary>The response of an event; the one that is active when the event names none.</summary>
    public PicturedResponse ResponseOf(string? id, double at) =>
        id is null ? Active ?? BeginResponse(null, at) : _responses.GetValueOrDefault(id) ?? BeginResponse(id, at);

    /// <summary>A response has ended.</summary>
    public void EndResponse(PicturedResponse response, double at)
    {
        response.Done ??= at;
        Active = Active == response ? null : Active;
    }

    private PicturedTurn Begin(double at, string by)
    {
        Current = new PicturedTurn(_turns.Count + LeftOut + 1, at, by);
        if (_turns.Count < Most)
        {
            _turns.Add(Current);
        }
        else
        {
            LeftOut++;
        }

        return Current;
    }
}
