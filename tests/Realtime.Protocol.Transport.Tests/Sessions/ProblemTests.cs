using System.Collections.Concurrent;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>How problems reach the application: one at a time and in order, whichever thread finds them.</summary>
public sealed class ProblemTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AMalformedEvent_WaitsUntilTheHandlerHasReturnedFromTheProblemBefore()
    {
        using var turnBegan = new ManualResetEventSlim();
        using var errorWaits = new SemaphoreSlim(0);
        using var markerPassed = new SemaphoreSlim(0);
        using var handlerEntered = new SemaphoreSlim(0);
        using var leaveHandler = new ManualResetEventSlim();
        var problems = new ConcurrentQueue<SessionProblem>();
        int inside = 0;
        bool overlapped = false;
        bool left = false;
        VoiceSessionOptions options = ScriptedServer.Manual();
        var log = new HookedLogger(line => Assert.True(!line.StartsWith("Turn 1 began") || turnBegan.Wait(Patience)));
        options.LoggerFactory = log;
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.Error)
            {
                errorWaits.Release();
            }
            else if (e.Kind is ServerEventKind.Unknown)
            {
                markerPassed.Release();
            }
        };
        options.OnProblem = problem =>
        {
            overlapped |= Interlocked.Increment(ref inside) > 1;
            problems.Enqueue(problem);
            handlerEntered.Release();
            if (problem is SessionProblem.Reported)
            {
                left = leaveHandler.Wait(Patience);
            }

            Interlocked.Decrement(ref inside);
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        // A thread of the application is made the one that tells; what the receiving loop finds meanwhile is left to it.
        Task<Turn> sending = Task.Run(() => session.SendTextAsync("Hello?").AsTask());
        await server.ExpectAsync("conversation.item.create");
        await server.SendAsync("""{"type":"error","error":{"type":"server_error","code":"x","message":"y","param":null,"event_id":null}}""");
        Assert.True(await errorWaits.WaitAsync(Patience));
        turnBegan.Set();
        Assert.True(await handlerEntered.WaitAsync(Patience));
        await server.SendRawAsync("not json");
        await server.SendAsync("""{"type":"marker"}""");
        Assert.True(await markerPassed.WaitAsync(Patience));
        leaveHandler.Set();
        await sending.WaitAsync(Patience);

        Assert.True(left);
        Assert.False(overlapped);
        Assert.Collection(problems, first => Assert.IsType<SessionProblem.Reported>(first), second => Assert.IsType<SessionProblem.MalformedEvent>(second));
        await server.EndAsync(session);
        log.ThrowIfFailed();
    }
}
