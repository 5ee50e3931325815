using System.Text;
using Realtime.Protocol.CommandLine.Log;

namespace Realtime.Protocol.CommandLine.Tests.Log;

public class SecretTests
{
    [Theory]
    [InlineData("nothing here", "nothing here")]
    [InlineData("sk-12345678", "(key)")]
    [InlineData("a sk-12345678 b sk-12345678", "a (key) b (key)")]
    public void EveryOccurrence_IsTakenOut(string message, string shown)
    {
        var secret = new Secret("sk-12345678");

        Assert.Equal(shown, secret.Hide(message));
        Assert.Equal(shown, Encoding.UTF8.GetString(secret.Hide(Encoding.UTF8.GetBytes(message))));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    public void NoSecret_HidesNothing(string? value) => Assert.Equal("abc abc", new Secret(value).Hide("abc abc"));

    [Fact]
    public void TextForm_IsNotTheSecret() => Assert.DoesNotContain("sk-12345678", new Secret("sk-12345678").ToString(), StringComparison.Ordinal);
}
