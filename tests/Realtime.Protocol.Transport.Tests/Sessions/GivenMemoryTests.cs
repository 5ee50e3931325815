using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>The application's own memory: when a call has returned it may be used again, however long what was asked for waits.</summary>
public sealed class GivenMemoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("add")]
    [InlineData("send")]
    [InlineData("respond")]
    [InlineData("beside")]
    [InlineData("audio")]
    public async Task SoundThatIsUsedAgain_WhileWhatWasAskedForWaits_IsSentAsItWas(string verb)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();

        // A response runs, an update of the speed waits for its end, and so does every other response.
        Turn running = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await running.ReadUpdatesAsync().OfType<TurnUpdate.ResponseStarted>().FirstAsync().AsTask().WaitAsync(Patience);
        _ = session.UpdateAsync(new() { Speed = 1.5 });
        byte[] sound = [.. Enumerable.Range(0, 9_600).Select(static n => (byte)(n % 251))];
        string asGiven = Convert.ToBase64String(sound);
        ConversationItem.Message message = ConversationItem.User(new ItemContent.Audio(sound));
        switch (verb)
        {
            case "add":
                _ = session.Conversation.AddAsync(message);
                break;
            case "send":
                session.SendMessage(message);
                break;
            case "respond":
                session.Respond(new() { Input = [message] });
                break;
            case "beside":
                session.Respond(ResponseRequest.OutOfBand with { Input = [message] });
                break;
            case "audio":
                await session.Input.WriteAsync(sound);
                session.EndTurn();
                break;
        }

        Array.Clear(sound);
        await server.DoneAsync("resp_1");
        Assert.Equal(asGiven, await SoundAsync(server));
        await server.EndAsync(session);
    }

    /// <summary>The first sound that is sent. What the server is asked for meanwhile, it does.</summary>
    private static async Task<string?> SoundAsync(ScriptedServer server)
    {
        while (true)
        {
            JsonObject next = await server.NextAsync();
            JsonNode? sound = (string?)next["type"] switch
            {
                "input_audio_buffer.append" => next["audio"],
                "conversation.item.create" => next["item"]!["content"]![0]!["audio"],
                "response.create" => next["response"]?["input"]?[0]?["content"]?[0]?["audio"],
                _ => null,
            };
            if (sound is not null)
            {
                return (string?)sound;
            }

            if ((string?)next["type"] is "session.update")
            {
                await server.SendAsync($$"""{"type":"session.updated","session":{{next["session"]!.ToJsonString()}}}""");
            }
        }
    }
}
