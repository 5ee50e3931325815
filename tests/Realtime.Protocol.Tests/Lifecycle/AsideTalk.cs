using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What conversations about responses beside the conversation are made of.</summary>
internal static class AsideTalk
{
    /// <summary>A session whose server has shown that it repeats tokens.</summary>
    public static Conversation Proven(Conversation? talk = null)
    {
        talk ??= Conversation.Manual();
        talk.Answering("before");
        talk.Done("before");
        talk.ForgetChanges();
        return talk;
    }

    public static ResponseParameters OutOfBand(params Item[] input) => new() { Conversation = ResponseParametersConversation.None, Input = input.Length == 0 ? default : (FieldList<Item>)input };

    public static MessageItem Message(string text, string? id = null) => new()
    {
        Id = id is null ? default : new Text(id),
        Role = MessageItemRole.User,
        Content = [new() { Type = ContentPartType.InputText, Text = text }],
    };

    public static int Aside(Conversation talk, ResponseParameters? request = null)
    {
        SubmitResult result = talk.Create(request ?? OutOfBand());
        Assert.Equal(SubmitVerdict.Accepted, result.Verdict);
        Assert.True(talk.Changes<SessionChange.TurnBegan>().Single(began => began.Turn == result.Turn).IsOutOfBand);
        return result.Turn;
    }

    public static int Running(Conversation talk, string response, ResponseParameters? request = null)
    {
        int turn = Aside(talk, request);
        talk.Created(response, Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]).Token, outOfBand: true);
        return turn;
    }
}
