using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 4: a question about the conversation beside it, in text, and what is done about the answer.</summary>
public sealed class Program04MoodTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Where is my bicycle? I have called three times!", true)]
    [InlineData("Thank you, that was kind.", false)]
    public async Task AnAnnoyedCaller_IsPutThrough_AndTheConversationKnowsNothingOfIt(string said, bool isPutThrough)
    {
        bool wasPutThrough = false;
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = new Listener() }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk }, transport, Stop);
        await session.SendMessage(said).Completion.WaitAsync(Patience, Stop);
        int items = transport.Transcript.ServerTypes.Count(static type => type == "conversation.item.added");

        Turn mood = session.Respond(ResponseRequest.OutOfBand with
        {
            Instructions = "Is the caller annoyed? Answer yes or no.",
            Modality = OutputModality.Text,
            Input = [.. session.Conversation.Items.TakeLast(4)],
            Metadata = new Dictionary<string, string> { ["topic"] = "mood" },
        });
        if ((await mood.Completion.WaitAsync(Patience, Stop)).Transcript.StartsWith("yes", StringComparison.OrdinalIgnoreCase))
        {
            wasPutThrough = true;
        }

        Assert.Equal(isPutThrough, wasPutThrough);
        Assert.True(mood.IsOutOfBand);
        Assert.Equal(items, transport.Transcript.ServerTypes.Count(static type => type == "conversation.item.added"));
        string create = Assert.Single(transport.Transcript.Lines, static line => line.Speaker == Speaker.Client && line.Json.Contains("mood", StringComparison.Ordinal)).Json;
        Assert.Contains("\"conversation\":\"none\"", create, StringComparison.Ordinal);
        Assert.Contains("\"output_modalities\":[\"text\"]", create, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"item_reference\"", create, StringComparison.Ordinal);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }

    /// <summary>Hears by its exclamation marks whether somebody is annoyed.</summary>
    private sealed class Listener : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request)
        {
            string said = string.Concat(request.Conversation.SelectMany(static item => item.Parts).Select(static part => part.Text));
            return request.Instructions.Contains("annoyed", StringComparison.Ordinal)
                ? new(new ModelOutput.Text(said.Contains('!', StringComparison.Ordinal) ? "Yes." : "No."))
                : new(new ModelOutput.Text("I see."));
        }
    }
}
