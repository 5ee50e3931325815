using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>What an application gives and nobody can write: it is refused where it was given, and nothing has changed.</summary>
public class SendingFaults
{
    public static TheoryData<string> Requests => ["tokens", "instructions", "voice", "metadata", "metadata twice"];

    [Theory]
    [MemberData(nameof(Requests))]
    public void B2_F01_ARequestThatCannotBeWritten_IsRefusedAtTheCall(string what) => KnownFault.Of("B2", "it was accepted", () =>
    {
        ResponseRequest request = what switch
        {
            "tokens" => new() { MaxOutputTokens = -5 },
            "instructions" => new() { Instructions = "x \ud83d" },
            "voice" => new() { Voice = "\ud83d" },
            "metadata" => new() { Metadata = [new("k", "v\udc00")] },
            _ => new() { Metadata = [new("k", "1"), new("k", "2")] },
        };
        IsRefused(SessionIntent.CreateResponse(request));
    });

    [Fact]
    public void B2_AMessageThatCannotBeWritten_IsRefusedAtTheCall() => KnownFault.Of("B2", "it was accepted", static () => IsRefused(SessionIntent.TextTurn("x \ud83d")));

    /// <summary>Whether the core throws or refuses by a rule: the session goes on as if the call had never been made.</summary>
    private static void IsRefused(in SessionIntent intent)
    {
        var talk = Conversation.Manual();
        bool wasRefused;
        try
        {
            wasRefused = !talk.Machine.Submit(intent, talk.Now).IsAccepted;
        }
        catch (ArgumentException)
        {
            wasRefused = true;
        }

        Assert.True(wasRefused, "it was accepted");
        Assert.False(talk.Machine.TryTakeEffect(out _));
        talk.Create();
        talk.Sends("response.create");
        talk.SendsNothing();
    }
}
