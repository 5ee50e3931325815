using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 5: the conversation is written to, asked about with a picture, shown and changed.</summary>
public sealed class Program05ConversationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsAddedIsReadByWhatFollows_AndTheAnswerCanBeDeleted()
    {
        var output = new StringWriter();
        byte[] pcm = Sound.Speech(300);
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0];
        CancellationToken ct = Stop;
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk }, transport, Stop);

        VoiceConversation talk = session.Conversation;
        await talk.AddAsync(ConversationItem.System("The caller is a member since 2019."), ItemPosition.Start, ct);
        _ = talk.AddAsync(ConversationItem.User(new ItemContent.Audio(pcm)), cancellationToken: ct);
        Turn turn = session.SendMessage(ConversationItem.User("What is wrong with this wheel?", new ItemContent.Image(jpeg, "image/jpeg")));
        TurnResult said = await turn.Completion;
        foreach (ConversationItem.Message message in talk.Items.OfType<ConversationItem.Message>())
        {
            output.WriteLine($"{message.Role}: {message.Text}");
        }

        await talk.DeleteAsync(said.Items[0].Id, ct);

        Assert.Equal($"System: The caller is a member since 2019.\nUser: \nUser: What is wrong with this wheel?\nAssistant: {said.Transcript}\n", output.ToString().ReplaceLineEndings("\n"));
        Assert.Equal(3, talk.Items.Count);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }
}
