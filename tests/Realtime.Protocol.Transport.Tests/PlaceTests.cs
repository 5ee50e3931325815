namespace Realtime.Protocol.Transport.Tests;

public class PlaceTests
{
    [Fact]
    public void Runs() => Assert.True(true);
}
