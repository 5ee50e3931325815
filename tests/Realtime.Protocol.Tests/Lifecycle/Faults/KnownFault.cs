using Xunit.Sdk;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>
/// A fault that is known and not mended yet. The test asserts what is right; until the fault is mended it must fail, and for the reason that is known. So the suite is green, the fault is shown,
/// and mending it turns the test red until this wrapping is taken away.
/// </summary>
internal static class KnownFault
{
    /// <param name="number">The fault's number, as in the test's name.</param>
    /// <param name="today">Words of the failure that shows the fault.</param>
    /// <param name="right">What will hold.</param>
    public static void Of(string number, string today, Action right)
    {
        try
        {
            right();
        }
        catch (Exception shown) when (shown is IAssertionException)
        {
            Assert.True(shown.Message.Contains(today, StringComparison.Ordinal), $"{number} shows itself in another way than is known ('{today}'): {shown}");
            return;
        }

        Assert.Fail($"{number} is mended: take KnownFault.Of away from this test.");
    }
}
