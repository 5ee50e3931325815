using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Whoever asks for something and does not wait for it loses the news and nothing else: no failure of it comes up where failures are that nobody looked at.</summary>
public sealed class UnawaitedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("add")]
    [InlineData("delete")]
    [InlineData("retrieve")]
    [InlineData("truncate")]
    [InlineData("update")]
    [InlineData("commit")]
    public async Task WhatNobodyWaitsFor_AndTheServerRefuses_IsNoUnobservedFailure(string verb)
    {
        string code = $"refused_{verb}"; // other tests run meanwhile
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await SpeakAsync(session, server);
        int unobserved = await UnobservedAsync(
            failure => failure is RealtimeRejectedException rejected && rejected.Error.Code == code,
            async () =>
            {
                Ask(session, verb);
                JsonObject asked;
                do
                {
                    asked = await server.NextAsync();
                }
                while ((string?)asked["type"] is "input_audio_buffer.append");

                await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"{{{code}}}","message":"no","event_id":"{{{asked["event_id"]}}}"}}""");
                Task<ConversationItem> after = session.Conversation.AddAsync(ConversationItem.User("after it"));
                await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
                await after.WaitAsync(Patience);
            });

        Assert.Equal(0, unobserved);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatNobodyWaitsFor_WhenTheSessionEnds_IsNoUnobservedFailure()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await SpeakAsync(session, server);
        int unobserved = await UnobservedAsync(
            static failure => failure is RealtimeClosedException { Reason.StatusCode: 4_321 },
            async () =>
            {
                foreach (string verb in new[] { "add", "retrieve", "truncate", "update", "commit", "delete" })
                {
                    Ask(session, verb);
                }

                await server.CloseAsync(4_321, "over");
                await session.Ended.WaitAsync(Patience);
            });

        Assert.Equal(0, unobserved);
        await server.EndAsync(session);
    }

    // Its own method, so that nothing of the debugger's keeps the task.
    private static void Ask(VoiceSession session, string verb)
    {
        switch (verb)
        {
            case "add":
                _ = session.Conversation.AddAsync(ConversationItem.User("hello"));
                break;
            case "delete":
                _ = session.Conversation.DeleteAsync("item_1");
                break;
            case "retrieve":
                _ = session.Conversation.RetrieveAsync("item_1");
                break;
            case "truncate":
                _ = session.Conversation.TruncateAsync("item_1", TimeSpan.FromMilliseconds(500));
                break;
            case "update":
                _ = session.UpdateAsync(new() { Instructions = "Be brief." });
                break;
            case "commit":
                Assert.True(session.Input.WriteAsync(new byte[9_600]).IsCompleted);
                _ = session.Input.CommitAsync();
                break;
        }
    }

    private static async Task<int> UnobservedAsync(Func<Exception, bool> isOurs, Func<Task> act)
    {
        int unobserved = 0;
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            await Task.Run(act);
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }

        return Volatile.Read(ref unobserved);

        void Count(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.InnerExceptions.Any(isOurs))
            {
                Interlocked.Increment(ref unobserved);
            }
        }
    }

    private static async Task SpeakAsync(VoiceSession session, ScriptedServer server)
    {
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.AudioAsync("resp_1", "item_1", new byte[48_000]);
        await server.EndItemAsync("resp_1", "item_1");
        await server.DoneAsync("resp_1");
        await turn.EndAsync();
    }
}
