namespace Realtime.Protocol.Tool.Tests;

public class PlaceTests
{
    [Fact]
    public void Runs() => Assert.True(true);
}
