namespace Realtime.Protocol.Lifecycle;

/// <summary>Gives each intent to those who know its subject. Everyone checks before anything changes: a refusal leaves no trace.</summary>
internal sealed class SessionIntents(SessionCore session, ResponseSlot slot, TurnTable turns, ToolTable tools, Silencing silencing)
{
    private readonly TurnIntents _turns = new(session, slot, turns, silencing);
    private readonly ItemIntents _items = new(session, turns, tools, silencing);
    private readonly InputIntents _input = new(session);
    private readonly PlaybackIntents _playback = new(session, turns);
    private readonly ConfigurationIntents _configuration = new(session);

    public SubmitResult Submit(in SessionIntent intent, long now) => intent.Kind switch
    {
        SessionIntentKind.TurnPlayed => _playback.TurnPlayed(intent),
        SessionIntentKind.TurnTaken => _playback.TurnTaken(intent, now),
        SessionIntentKind.ItemPlayed => _playback.ItemPlayed(intent),
        SessionIntentKind.AudioAppended => _input.AudioAppended(intent, now),
        SessionIntentKind.ClearInput => _input.ClearInput(now),
        SessionIntentKind.CommitInput => _input.CommitInput(now),
        SessionIntentKind.EndTurn => _turns.EndTurn(intent, now),
        SessionIntentKind.TextTurn => _turns.TextTurn(intent, now),
        SessionIntentKind.CreateResponse => _turns.CreateResponse(intent, now),
        SessionIntentKind.Interrupt => _turns.Interrupt(now),
        SessionIntentKind.CancelTurn => _turns.CancelTurn(intent, now),
        SessionIntentKind.ToolOutput => _items.ToolOutput(intent, now),
        SessionIntentKind.AnswerApproval => _items.AnswerApproval(intent, now),
        SessionIntentKind.AddText => _items.AddText(intent, now),
        SessionIntentKind.AddItem => _items.AddItem(intent, now),
        SessionIntentKind.RetrieveItem => _items.RetrieveItem(intent, now),
        SessionIntentKind.TruncateItem => _items.TruncateItem(intent, now),
        SessionIntentKind.DeleteItem => _items.DeleteItem(intent, now),
        SessionIntentKind.Configure => _configuration.Configure(intent, now),
        _ => Refuse("API", "You submitted an intent that says nothing; build one with the factories of SessionIntent."),
    };

    public static SubmitResult Refuse(string rule, string message) => new(SubmitVerdict.Refused, Rule: rule, Message: message);
}
