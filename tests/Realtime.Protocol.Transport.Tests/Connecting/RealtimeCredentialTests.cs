namespace Realtime.Protocol.Transport.Tests.Connecting;

public sealed class RealtimeCredentialTests
{
    [Fact]
    public void ItsText_NeverShowsIt()
    {
        var credential = new RealtimeCredential("sk-canary");

        Assert.DoesNotContain("canary", credential.ToString());
        Assert.DoesNotContain("canary", $"{credential}");
        Assert.DoesNotContain("canary", System.Text.Json.JsonSerializer.Serialize(credential));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("sk-canary\n", "a line break at position 9 of 10")]
    [InlineData("sk canary", "a space at position 2 of 9")]
    [InlineData("sk-canäry", "position 6 of 9")]
    [InlineData("Bearer sk-canary", "begins with the word \"Bearer\"")]
    public void AnUnusableOne_IsRefused_WithoutBeingRepeated(string value, string reason)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new RealtimeCredential(value));

        Assert.Contains(reason, refusal.Message);
        Assert.DoesNotContain("can", refusal.ToString().Replace("can't", "", StringComparison.Ordinal));
    }

    [Fact]
    public void AVariableThatIsNotSet_IsNoCredential()
    {
        string? unset = null;

        Assert.Null(new RealtimeConnectionOptions { Credential = unset }.Credential);
    }

    [Fact]
    public async Task ACallback_IsAskedEachTime()
    {
        int asked = 0;
        var credential = new RealtimeCredential(_ => new($"token-{++asked}"));

        Assert.Equal("token-1", await credential.GetAsync(default));
        Assert.Equal("token-2", await credential.GetAsync(default));
    }
}
