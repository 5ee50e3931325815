namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>What the journal holds of a call in the end, against what its phone asked and heard: all of it, and nothing twice. What a gateway wrote that had lost the call would be missing here, or stand here beside it.</summary>
internal static class StoredCall
{
    /// <summary>What is wrong, as sentences.</summary>
    /// <param name="notes">The phone's.</param>
    /// <param name="stored">The journal's; null for nothing.</param>
    public static IEnumerable<string> Faults(CallNotes notes, SessionCheckpoint? stored)
    {
        if (stored is null)
        {
            return notes.Asked == 0 ? [] : [$"call {notes.Id}: the journal holds nothing of it."];
        }

        ConversationItem.Message[] messages = [.. stored.Items.OfType<ConversationItem.Message>()];
        int questions = messages.Count(static message => message.Role == ItemRole.User);
        string[] answers = [.. messages.Where(static message => message.Role == ItemRole.Assistant).Select(static message => message.Text.Trim())];
        var faults = new List<string>();
        if (questions != notes.Asked)
        {
            faults.Add($"call {notes.Id}: {notes.Asked} questions were asked, and the journal holds {questions}.");
        }

        for (int number = 1; number <= notes.Answered; number++)
        {
            int held = answers.Count(answer => CountingModel.QuestionOf(answer) == number);
            int heard = notes.Turns.Count(turn => turn.IsWhole && turn.Number == number);
            if (held < 1 || held > heard)
            {
                faults.Add($"call {notes.Id}: the answer to question {number} was heard {heard} times, and stands in the journal {held} times.");
            }
        }

        if (stored.Questions.Count > 0)
        {
            faults.Add($"call {notes.Id}: all was answered, and the journal holds {stored.Questions.Count} open questions.");
        }

        return faults;
    }
}
