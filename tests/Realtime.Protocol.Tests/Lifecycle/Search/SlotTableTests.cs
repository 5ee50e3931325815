using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Search;

/// <summary>Every row of the place's table, walked in frames: a row that leads elsewhere, or is missing, turns one of these red. So do the pairs that must change nothing.</summary>
public class SlotTableTests
{
    [Theory]
    [InlineData("committed", SlotPhase.AnswerDue)]
    [InlineData("idle timeout", SlotPhase.AnswerDue)]
    [InlineData("!create", SlotPhase.Requested)]
    [InlineData("created, no token", SlotPhase.Active)]
    [InlineData("item of a stranger", SlotPhase.Active)]

    [InlineData("committed · two seconds", SlotPhase.Idle)]
    [InlineData("committed · speech started", SlotPhase.Idle)]
    [InlineData("committed · committed", SlotPhase.AnswerDue)]
    [InlineData("committed · created, no token", SlotPhase.Active)]
    [InlineData("committed · done, stranger", SlotPhase.AnswerDue)]
    [InlineData("committed · !create", SlotPhase.AnswerDue)]

    [InlineData("!create · created, ours", SlotPhase.Active)]
    [InlineData("!create · created, foreign token", SlotPhase.Active)]
    [InlineData("!create · committed", SlotPhase.Requested)]
    [InlineData("!create · committed · two seconds", SlotPhase.Requested)]
    [InlineData("!create · done, stranger", SlotPhase.Requested)]
    [InlineData("!create · done, stranger with our token", SlotPhase.Idle)]
    [InlineData("!create · create refused", SlotPhase.Idle)]
    [InlineData("!create · committed · create refused", SlotPhase.AnswerDue)]
    [InlineData("!create · busy, named", SlotPhase.Active)]
    [InlineData("!create · busy, named by no id", SlotPhase.Active)]
    [InlineData("!create · busy, unnamed", SlotPhase.Blocked)]
    [InlineData("!create · busy, no id and no code", SlotPhase.Blocked)]
    [InlineData("!create · !interrupt", SlotPhase.Requested)]
    [InlineData("!create · !interrupt · timer · timer · nothing runs", SlotPhase.Idle)]
    [InlineData("!create · !interrupt · timer · timer · nothing runs, no id", SlotPhase.Idle)]
    [InlineData("!create · !interrupt · timer · timer · done, stranger", SlotPhase.Idle)]
    [InlineData("!create · !interrupt · timer · timer · cancel refused", SlotPhase.Requested)]

    [InlineData("created, no token · committed", SlotPhase.Active)]
    [InlineData("created, no token · !create", SlotPhase.Active)]
    [InlineData("created, no token · created, no token", SlotPhase.Active)]
    [InlineData("created, no token · done, stranger", SlotPhase.Active)]
    [InlineData("created, no token · item of a stranger", SlotPhase.Active)]
    [InlineData("created, no token · !interrupt", SlotPhase.Cancelling)]
    [InlineData("created, no token · done, holder completed", SlotPhase.Idle)]
    [InlineData("created, no token · committed · done, holder cancelled", SlotPhase.AnswerDue)]
    [InlineData("!create · created, foreign token · create refused", SlotPhase.Active)]
    [InlineData("!create · created, foreign token · busy, named", SlotPhase.Active)]
    [InlineData("!create · created, foreign token · busy, unnamed", SlotPhase.Active)]
    [InlineData("!create · created, foreign token · done, holder completed", SlotPhase.Requested)]
    [InlineData("!create · created, foreign token · committed · done, holder completed", SlotPhase.Requested)]
    [InlineData("!create · created, foreign token · done, stranger with our token", SlotPhase.Active)]

    [InlineData("created, no token · !interrupt · committed", SlotPhase.Cancelling)]
    [InlineData("created, no token · !interrupt · created, no token", SlotPhase.Active)]
    [InlineData("created, no token · !interrupt · cancel refused", SlotPhase.Active)]
    [InlineData("created, no token · !interrupt · nothing runs", SlotPhase.Idle)]
    [InlineData("created, no token · !interrupt · nothing runs, no id", SlotPhase.Idle)]
    [InlineData("created, no token · !interrupt · done, stranger", SlotPhase.Cancelling)]
    [InlineData("created, no token · !interrupt · done, holder cancelled", SlotPhase.Idle)]
    [InlineData("created, no token · !interrupt · committed · done, holder cancelled", SlotPhase.AnswerDue)]
    [InlineData("!create · created, foreign token · !interrupt · done, holder cancelled", SlotPhase.Requested)]
    [InlineData("!create · created, foreign token · !interrupt · create refused", SlotPhase.Cancelling)]
    [InlineData("!create · created, foreign token · !interrupt · busy, named", SlotPhase.Cancelling)]
    [InlineData("!create · created, foreign token · !interrupt · busy, unnamed", SlotPhase.Cancelling)]

    [InlineData("!create · busy, unnamed · created, no token", SlotPhase.Active)]
    [InlineData("!create · busy, unnamed · committed", SlotPhase.Blocked)]
    [InlineData("!create · busy, unnamed · !interrupt · done, stranger", SlotPhase.Idle)]
    [InlineData("!create · busy, unnamed · !interrupt · two seconds", SlotPhase.Idle)]
    [InlineData("!create · busy, unnamed · two seconds", SlotPhase.Requested)]
    [InlineData("!create · busy, unnamed · done, stranger", SlotPhase.Requested)]
    [InlineData("!create · busy, unnamed · committed · done, stranger", SlotPhase.AnswerDue)]
    internal void Path_LeadsTo(string path, SlotPhase expected)
    {
        var search = new PlaceSearch();
        foreach (string step in path.Split(" · "))
        {
            Assert.True(search.TryStep(step), $"'{step}' makes no sense after what came before it.");
        }

        Assert.Null(search.Fault);
        Assert.Equal(expected, search.Phase);
    }

    [Fact]
    public void PairWithoutARow_ChangesNothing()
    {
        foreach (SlotPhase from in Enum.GetValues<SlotPhase>())
        {
            foreach (SlotTrigger on in Enum.GetValues<SlotTrigger>())
            {
                if (!SlotTable.TryNext(from, on, createOpen: true, answerOwed: true, out SlotPhase to))
                {
                    Assert.Equal(from, to);
                }
            }
        }
    }
}
