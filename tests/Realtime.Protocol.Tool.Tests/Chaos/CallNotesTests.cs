using Realtime.Protocol.CommandLine.Chaos;

namespace Realtime.Protocol.CommandLine.Tests.Chaos;

/// <summary>What a phone's book says of a call that goes well, and of each way in which one does not.</summary>
public sealed class CallNotesTests
{
    private const int AnswerBytes = 48_000;

    private readonly CallNotes _notes = new("7");
    private TimeSpan _now;

    [Fact]
    public void QuestionsThatAreAnsweredOnce_AreNoFault_WhateverTheLinesDo()
    {
        Assert.False(_notes.Open(0, items: 0, _now));
        _notes.Ask();
        Answer(turn: 1, question: 1);
        _notes.Ask();
        Begin(turn: 2, question: 2, heard: AnswerBytes / 2);
        Break(LineEnd.Broken);

        // Both of the first, the second question, and what was heard of its answer.
        Assert.False(_notes.Open(1, items: 4, _now));
        Answer(turn: 3, question: 2);
        Later(1_000);
        Break(LineEnd.Moved);
        Assert.False(_notes.Open(0, items: 5, _now));
        _notes.Ask();
        Answer(turn: 4, question: 3);

        Assert.Equal((3, 3, 0), (_notes.Asked, _notes.Answered, _notes.SaidAgain));
        Assert.Empty(_notes.Faults);
    }

    [Fact]
    public void AQuestionThatWasNotRestored_IsSaidAgain()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Answer(turn: 1, question: 1);
        Later(1_000);
        _notes.Ask();
        Break(LineEnd.Broken);

        Assert.True(_notes.Open(1, items: 2, _now));
        Answer(turn: 2, question: 2);
        Assert.Equal((2, 1), (_notes.Answered, _notes.SaidAgain));
        Assert.Empty(_notes.Faults);
    }

    [Fact]
    public void ItemsThatWereNotRestored_AreAFault()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Answer(turn: 1, question: 1);
        Later(1_000);
        Break(LineEnd.Broken);
        _notes.Open(1, items: 0, _now);

        Assert.Equal("call 7: 2 items had been said and 0 were restored.", Assert.Single(_notes.Faults));
    }

    [Fact]
    public void AQuestionWhoseAnswerHadSounded_IsNotLost()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Begin(turn: 1, question: 1, heard: AnswerBytes / 2);
        Later(1_000);
        Break(LineEnd.Broken);

        Assert.True(_notes.Open(1, items: 0, _now));
        Assert.Equal("call 7: question 1 was lost, though its answer had sounded for a second.", Assert.Single(_notes.Faults));
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(2_000, 1)]
    public void AnAnswerThatIsHeardTwice_IsAFault_UnlessTheLineBrokeBeforeItsEndCouldBeStored(int laterMs, int faults)
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Answer(turn: 1, question: 1);
        Later(laterMs);
        Break(LineEnd.Broken);
        _notes.Open(1, items: 2, _now);
        Answer(turn: 2, question: 1);

        Assert.Equal(faults, _notes.Faults.Count);
        Assert.Equal(1, _notes.Answered);
    }

    [Theory]
    [InlineData(1_500, 1)]
    [InlineData(3_000, 0)]
    public void WhoCameLateHimself_TakesWhatHeHeardThatMuchLonger_AsNotStoredYet(int lateMs, int faults)
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Answer(turn: 1, question: 1);
        Later(2_000);
        _notes.Delay(TimeSpan.FromMilliseconds(lateMs));
        _notes.Delay(TimeSpan.FromMilliseconds(1));
        Break(LineEnd.Broken);
        _notes.Open(1, items: 1, _now);
        Answer(turn: 2, question: 1);

        Assert.Equal(faults * 2, _notes.Faults.Count);
    }

    [Theory]
    [InlineData("Moved", 0, null)]
    [InlineData("Broken", 0, "call 7: the gateway that was asked to end did not move it, but its line ended as Broken.")]
    [InlineData("Silent", 500, "call 7: the gateway that was asked to end did not move it, but its line ended as Silent.")]
    [InlineData("Silent", 1_500, null)]
    public void AGatewayThatDrains_MovesEveryCall(string how, int lateMs, string? fault)
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Answer(turn: 1, question: 1);
        _notes.Delay(TimeSpan.FromMilliseconds(lateMs));
        Break(Enum.Parse<LineEnd>(how));
        _notes.Open(1, items: 2, _now);

        Assert.Equal(fault, _notes.FaultOfDrain(1));
    }

    [Fact]
    public void AnAnswerThatIsHeardTwiceOnOneLine_IsAFault()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Answer(turn: 1, question: 1);
        Answer(turn: 2, question: 1);

        Assert.Equal("call 7: the answer to question 1 was heard twice.", Assert.Single(_notes.Faults));
    }

    [Fact]
    public void AnAnswerToWhatNobodyAsked_IsAFault()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Answer(turn: 1, question: 2);

        Assert.Equal("call 7: \"Answer 2.\" was heard, and 1 questions were asked.", Assert.Single(_notes.Faults));
        Assert.Equal(0, _notes.Answered);
    }

    [Fact]
    public void AnAnswerThatIsCut_IsAFault_WhereNobodySpokeOverIt()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Begin(turn: 1, question: 1, heard: AnswerBytes / 2);
        _notes.Clear(1);

        Assert.Equal("call 7: the answer to question 1 was cut off.", Assert.Single(_notes.Faults));
    }

    [Fact]
    public void AGatewayThatMovesACallInAnAnswer_IsAFault()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Begin(turn: 1, question: 1, heard: AnswerBytes / 2);
        Break(LineEnd.Moved);

        Assert.Contains("would be heard out", Assert.Single(_notes.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasNotPlayedWhenTheLineBroke_IsNotPlayedLater()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        Begin(turn: 1, question: 1, heard: AnswerBytes / 2);
        Assert.Equal((1, AnswerBytes / 2), _notes.Position);
        Break(LineEnd.Broken);
        _notes.Open(1, items: 2, _now);
        _notes.Play(AnswerBytes, _now);

        Assert.Equal(AnswerBytes / 2, Assert.Single(_notes.Turns).Played);
        Assert.Equal(default, _notes.Position);
    }

    [Fact]
    public void AnAnswer_IsHeardToItsEnd_WhenAllOfItCameAndWasPlayed_InWhateverOrder()
    {
        _notes.Open(0, items: 0, _now);
        _notes.Ask();
        _notes.Turn(1, _now);
        _notes.Sound(AnswerBytes, _now);
        _notes.Play(AnswerBytes, _now);
        Assert.True(_notes.IsHearing);
        _notes.TurnEnd(1, AnswerBytes, _now);
        _notes.Play(0, _now);
        Assert.Equal(0, _notes.Answered);
        _notes.Caption(1, "Answer 1.", isFinal: true, _now);
        _notes.Play(0, _now);

        Assert.Equal((1, false), (_notes.Answered, _notes.IsHearing));
    }

    private void Later(int milliseconds) => _now += TimeSpan.FromMilliseconds(milliseconds);

    private void Break(LineEnd how)
    {
        Later(100);
        _notes.Break(how, _now);
        Later(100);
    }

    private void Begin(int turn, int question, int heard)
    {
        _notes.Turn(turn, _now);
        _notes.Caption(turn, $"Answer {question}.", isFinal: false, _now);
        _notes.Sound(AnswerBytes, _now);
        _notes.Play(heard, _now);
    }

    private void Answer(int turn, int question)
    {
        Begin(turn, question, AnswerBytes / 2);
        Later(500);
        _notes.Caption(turn, "", isFinal: true, _now);
        _notes.TurnEnd(turn, AnswerBytes, _now);
        _notes.Play(AnswerBytes, _now);
    }
}
