namespace Realtime.Protocol.Transport.Tests.Sessions;

public sealed class ChangeQueueTests
{
    [Fact]
    public void AFailureWhileTelling_LeavesTheRestToTheNextCall()
    {
        var told = new List<int>();
        var queue = new ChangeQueue(news =>
        {
            told.Add(news.Malformed!.MessageBytes);
            if (told.Count == 1)
            {
                throw new InvalidOperationException("the first one fails");
            }
        });
        queue.Add(new(null, new(default, 1)));
        queue.Add(new(null, new(default, 2)));

        Assert.Throws<InvalidOperationException>(queue.TellAll);
        queue.Add(new(null, new(default, 3)));
        queue.TellAll();

        Assert.Equal([1, 2, 3], told);
    }
}
