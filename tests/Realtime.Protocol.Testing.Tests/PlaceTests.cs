namespace Realtime.Protocol.Testing.Tests;

public class PlaceTests
{
    [Fact]
    public void Runs() => Assert.True(true);
}
