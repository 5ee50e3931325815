namespace Realtime.Protocol.CommandLine.Tests;

public class FailuresTests
{
    // What the library says when a session is not opened in time; it advises those who write programs.
    [Fact]
    public void SessionThatWasNotOpenedInTime_IsExplainedWithoutAnOptionThatThereIsNot()
    {
        var silent = new RealtimeConnectException(
            RealtimeConnectFailure.Timeout,
            "The server did not open and configure the session within 15 s. Check that it is a realtime service, or allow more with ConnectTimeout.");

        ToolException? explained = Failures.Explain(silent);

        Assert.Equal(ExitCode.NotConnected, explained?.ExitCode);
        Assert.Equal("The server did not open and configure the session within 15 s. Check that it is a realtime service, or try again later.", explained?.Message);
    }
}
