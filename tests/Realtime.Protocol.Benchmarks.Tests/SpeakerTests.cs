using Realtime.Protocol.Benchmarks.Sessions;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>A speaker never speaks into an answer that is late, and goes on when none comes.</summary>
public class SpeakerTests
{
    private const int Pieces = 3;

    [Fact]
    public void AnsweredInTime_ItSaysOneCycleAfterTheOther()
    {
        var speaker = new Speaker(cycles: 2, Pieces, patience: 5);

        int[] said = [.. Enumerable.Range(0, 2 * Pieces).Select(piece => speaker.Next(answered: piece / Pieces))];

        Assert.Equal([0, 1, 2, 0, 1, 2], said);
        Assert.True(speaker.IsDone);
        Assert.Equal(0, speaker.LongestWait);
    }

    [Fact]
    public void WhileAnAnswerIsLate_ItSaysNothing()
    {
        var speaker = new Speaker(cycles: 2, Pieces, patience: 5);
        Say(speaker, answered: 0, pieces: Pieces);

        Assert.Equal([2, 2], Say(speaker, answered: 0, pieces: 2));
        Assert.Equal([0, 1, 2], Say(speaker, answered: 1, Pieces));
        Assert.True(speaker.IsDone);
        Assert.Equal(2, speaker.LongestWait);
    }

    [Fact]
    public void AnAnswerThatNeverComes_IsWaitedForOnceAndThenNoneIs()
    {
        var speaker = new Speaker(cycles: 3, Pieces, patience: 2);

        Assert.Equal([0, 1, 2, 2, 2, 0, 1, 2, 0, 1, 2], Say(speaker, answered: 0, pieces: 11));
        Assert.True(speaker.IsDone);
    }

    [Fact]
    public void WhatWasLostOnTheWay_IsSaidAgain_FromItsBeginning()
    {
        var speaker = new Speaker(cycles: 1, Pieces, patience: 5);
        Say(speaker, answered: 0, pieces: 2);

        speaker.Again();

        Assert.Equal([0, 1, 2], Say(speaker, answered: 0, Pieces));
        Assert.Equal((1, true), (speaker.Cycle, speaker.IsDone));
    }

    private static int[] Say(Speaker speaker, int answered, int pieces) => [.. Enumerable.Range(0, pieces).Select(_ => speaker.Next(answered))];
}
