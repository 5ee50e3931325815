namespace Realtime.Protocol.Transport.Tests.Sessions;

public sealed class ChangeQueueTests
{
    [Fact]
    public void AFailureWhileTelling_LeavesTheRestToTheNextCall()
    {
        var told = new List<int>();
        var queue = new ChangeQueue(news =>
        {
            told.Add(((SessionProblem.MalformedEvent)news.Problem!).MessageBytes);
            if (told.Count == 1)
            {
                throw new InvalidOperationException("the first one fails");
            }
        });
        queue.Add(new(null, new SessionProblem.MalformedEvent(default, 1)));
        queue.Add(new(null, new SessionProblem.MalformedEvent(default, 2)));

        Assert.Throws<InvalidOperationException>(queue.TellAll);
        queue.Add(new(null, new SessionProblem.MalformedEvent(default, 3)));
        queue.TellAll();

        Assert.Equal([1, 2, 3], told);
    }
}
