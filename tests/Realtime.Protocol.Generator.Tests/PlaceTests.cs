namespace Realtime.Protocol.Generator.Tests;

public class PlaceTests
{
    [Fact]
    public void Runs() => Assert.True(true);
}
