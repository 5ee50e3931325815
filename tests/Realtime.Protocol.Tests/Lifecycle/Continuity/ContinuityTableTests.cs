using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Continuity;

/// <summary>The life of a session over its connections: every pair of the table is decided, and its ways lead where they should.</summary>
public class ContinuityTableTests
{
    [Fact]
    public void EveryPairIsDecided_Once() =>
        Assert.All(Pairs(), static pair => Assert.True(ContinuityTable.IsDecided(pair.Phase, pair.Trigger), $"{pair.Phase} × {pair.Trigger}"));

    [Fact]
    public void ARowMoves_OrActs_AndTheEndIsTheEnd()
    {
        foreach ((ContinuityPhase phase, ContinuityTrigger trigger) in Pairs())
        {
            bool moves = ContinuityTable.TryNext(phase, trigger, out ContinuityPhase to, out ContinuityAction action);
            Assert.Equal(moves, to != phase || action is not ContinuityAction.None);
            Assert.Equal(to is ContinuityPhase.Ended && phase is not ContinuityPhase.Ended, action is ContinuityAction.End);
        }
    }

    [Fact]
    public void FromEveryPhase_TheSessionCanBeClosed_AndAnotherOwnerEndsIt()
    {
        foreach (ContinuityPhase phase in Enum.GetValues<ContinuityPhase>().Where(static phase => phase is not ContinuityPhase.Ended))
        {
            foreach (ContinuityTrigger trigger in (ContinuityTrigger[])[ContinuityTrigger.Close, ContinuityTrigger.Superseded, ContinuityTrigger.Fatal])
            {
                Assert.True(ContinuityTable.TryNext(phase, trigger, out ContinuityPhase to, out _));
                Assert.Equal(ContinuityPhase.Ended, to);
            }
        }
    }

    [Theory]
    [InlineData("Opened Lost Due Replayed Close", "Open Waiting Reopening Open Ended")]
    [InlineData("Opened Lost Due Failed Due Lost GivenUp", "Open Waiting Reopening Waiting Reopening Waiting Ended")]
    [InlineData("Opened ExpiryNear Replayed ExpiryNear Failed Expired", "Open HandingOver Open HandingOver Open Waiting")]
    [InlineData("Opened ExpiryNear Expired Replayed", "Open HandingOver Reopening Open")]
    [InlineData("Opened ExpiryNear Drain Failed Drain Drained", "Open HandingOver Draining Draining Draining Ended")]
    [InlineData("Opened Lost Lost Drained Replayed Drain", "Open Waiting Waiting Waiting Waiting Ended")]
    [InlineData("Failed Opened", "Ended Ended")]
    public void ItsWaysLeadWhereTheyShould(string triggers, string phases)
    {
        var phase = ContinuityPhase.Opening;
        List<string> way = [];
        foreach (string trigger in triggers.Split(' '))
        {
            ContinuityTable.TryNext(phase, Enum.Parse<ContinuityTrigger>(trigger), out phase, out _);
            way.Add(phase.ToString());
        }

        Assert.Equal(phases.Split(' '), way);
    }

    [Fact]
    public void PausesDouble_UpToTheLongest_AndHalfOfEachIsByChance()
    {
        ReconnectPolicy policy = ReconnectPolicy.Standard;
        Assert.Equal([0.25, 0.5, 1, 2, 4, 5, 5], Enumerable.Range(1, 7).Select(attempt => BackOff.Delay(policy, attempt, 0).TotalSeconds));
        var random = new Random(Seeds.Next());
        for (int i = 0; i < 1_000; i++)
        {
            int attempt = random.Next(1, int.MaxValue);
            TimeSpan delay = BackOff.Delay(policy, i % 2 == 0 ? attempt : 1 + (attempt % 100), random.NextDouble());
            Assert.InRange(delay, policy.FirstDelay / 2, policy.MaxDelay);
        }

        Assert.Equal(TimeSpan.Zero, BackOff.Delay(policy with { FirstDelay = TimeSpan.Zero }, 3, 0.9));
        Assert.Throws<ArgumentOutOfRangeException>(() => BackOff.Delay(policy, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BackOff.Delay(policy, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BackOff.Delay(policy, 1, double.NaN));
    }

    [Fact]
    public void APolicyIsAValue_ThatIsChecked()
    {
        Assert.Equal(ReconnectPolicy.Standard, new ReconnectPolicy());
        Assert.NotSame(ReconnectPolicy.Standard, ReconnectPolicy.Standard);
        Assert.False(BackOff.IsAnotherLeft(ReconnectPolicy.None, 0));
        Assert.True(BackOff.IsAnotherLeft(ReconnectPolicy.Standard, 4));
        Assert.False(BackOff.IsAnotherLeft(ReconnectPolicy.Standard, 5));
        Assert.Throws<ArgumentOutOfRangeException>(static () => ReconnectPolicy.Standard with { MaxAttempts = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => ReconnectPolicy.Standard with { FirstDelay = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(static () => ReconnectPolicy.Standard with { MaxDelay = TimeSpan.MaxValue });
        Assert.Throws<ArgumentOutOfRangeException>(static () => ReconnectPolicy.Standard with { HandOverBeforeExpiry = Timeout.InfiniteTimeSpan });
    }

    [Theory]
    [InlineData("insufficient_quota", true)]
    [InlineData("invalid_api_key", true)]
    [InlineData("account_deactivated", true)]
    [InlineData("billing_hard_limit_reached", true)]
    [InlineData("model_not_found", true)]
    [InlineData("beta_api_shape_disabled", true)]
    [InlineData("session_expired", false)]
    [InlineData("rate_limit_exceeded", false)]
    [InlineData(null, false)]
    public void AnErrorThatComesAgain_IsFatal(string? code, bool isFatal)
    {
        Assert.Equal(isFatal, FatalCauses.IsError(code));
        var end = new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 1000, "") { Error = new ServerError(code, null, null, null, null) };
        Assert.Equal(isFatal, FatalCauses.IsEnd(end));
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(400, true)]
    [InlineData(408, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    [InlineData(101, false)]
    public void ARefusalThatComesAgain_IsFatal(int status, bool isFatal) => Assert.Equal(isFatal, FatalCauses.IsStatus(status));

    [Theory]
    [InlineData(RealtimeCloseKind.ByUs, null, true)]
    [InlineData(RealtimeCloseKind.ByPeer, 1000, false)]
    [InlineData(RealtimeCloseKind.ByPeer, 1001, false)]
    [InlineData(RealtimeCloseKind.ByPeer, 1008, true)]
    [InlineData(RealtimeCloseKind.ByPeer, 1011, false)]
    [InlineData(RealtimeCloseKind.ConnectionLost, null, false)]
    [InlineData(RealtimeCloseKind.KeepAliveTimeout, null, false)]
    [InlineData(RealtimeCloseKind.Unresponsive, null, false)]
    [InlineData(RealtimeCloseKind.Expired, null, false)]
    [InlineData(RealtimeCloseKind.ProtocolViolation, 1002, true)]
    [InlineData(RealtimeCloseKind.MessageTooLarge, null, true)]
    [InlineData(RealtimeCloseKind.HandlerStuck, null, true)]
    public void AnEndThatANewConnectionDoesNotMend_IsFatal(RealtimeCloseKind kind, int? status, bool isFatal) =>
        Assert.Equal(isFatal, FatalCauses.IsEnd(new RealtimeCloseReason(kind, status, "")));

    [Theory]
    [InlineData("one two three four", 50, 100, "one two")]
    [InlineData("one two three four", 0, 100, "")]
    [InlineData("one two three four", 100, 100, "one two three four")]
    [InlineData("one two three four", 99, 100, "one two three")]
    [InlineData("unbroken", 99, 100, "")]
    [InlineData("潮が高いです", 50, 100, "潮が高")]
    [InlineData("\U0001F600\U0001F600", 50, 100, "")]
    [InlineData("", 1, 2, "")]
    [InlineData("one two", -5, 2, "")]
    [InlineData("one two", long.MaxValue / 2, long.MaxValue, "one")]
    public void WordsAreCutWhereTheSoundWas_AtAWholeWord(string words, long heard, long all, string cut) => Assert.Equal(cut, HeardText.Cut(words, heard, all));

    private static IEnumerable<(ContinuityPhase Phase, ContinuityTrigger Trigger)> Pairs() =>
        from phase in Enum.GetValues<ContinuityPhase>() from trigger in Enum.GetValues<ContinuityTrigger>() select (phase, trigger);
}
