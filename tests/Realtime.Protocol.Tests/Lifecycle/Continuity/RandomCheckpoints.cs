using System.Collections.Immutable;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Continuity;

/// <summary>Checkpoints of conversations that no one had: every kind of item in every state, outputs before their calls and without them, ids of calls that come again, words of every length.</summary>
internal static class RandomCheckpoints
{
    private static readonly string[] Tools = ["tide", "book", "clock"];
    private static readonly string[] Words = ["", "é", "on the quay", "\"quoted\"\n", "潮が高い", "a long walk along the shore of the island, and back again before the tide comes in"];

    public static SessionCheckpoint Next(Random random)
    {
        int count = random.Next(0, 40);
        ImmutableArray<CheckpointEntry>.Builder entries = ImmutableArray.CreateBuilder<CheckpointEntry>();
        for (int i = 0; i < count; i++)
        {
            entries.Add(Entry(random, $"item_{i}"));
        }

        ImmutableArray<OpenQuestion> open = [.. Enumerable.Range(1, random.Next(3)).Select(turn =>
            new OpenQuestion(turn, random.Next(2) == 0, random.Next(2) == 0 ? default : RawJson.Parse("""{"instructions":"Be brief.","tools":[{"type":"function","name":"tide"}]}""")))];
        return new SessionCheckpoint
        {
            Purpose = random.Next(4) == 0 ? SessionPurpose.Transcription : SessionPurpose.Conversation,
            SessionId = random.Next(2) == 0 ? null : "sess_1",
            LastTurn = random.Next(100),
            Configuration = random.Next(3) == 0 ? default : RawJson.Parse("""{"type":"realtime","instructions":"Tell the tide.","tools":[{"type":"function","name":"tide","parameters":{"type":"object"}}]}"""),
            Secrets = random.Next(2) == 0 ? [] : ["session.tools[1].headers"],
            Usage = new SessionUsage(Tokens(random), Tokens(random), TimeSpan.FromMilliseconds(random.Next()), random.Next(9)) { TranscriptsWithoutUsage = random.Next(9) },
            Entries = entries.DrainToImmutable(),
            Open = open,
        };
    }

    private static CheckpointEntry Entry(Random random, string id)
    {
        ItemState state = (ItemState)random.Next(4);
        ItemHearing hearing = ItemHearing.Whole;
        ConversationItem item;
        CallProgress progress = CallProgress.None;
        switch (random.Next(10))
        {
            case < 3:
                item = new ConversationItem.Message(ItemRole.Assistant, Parts(random)) { TruncatedAt = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(9_000)) : null };
                hearing = (ItemHearing)random.Next(3);
                break;
            case < 5:
                item = new ConversationItem.Message(random.Next(4) == 0 ? ItemRole.System : ItemRole.User, Parts(random));
                break;
            case 5 or 6:
                item = new ConversationItem.FunctionCall($"call_{random.Next(6)}", Tools[random.Next(Tools.Length)], $$"""{"at":"{{random.Next(9)}}"}""");
                progress = (CallProgress)random.Next(1, 4);
                break;
            case 7:
                item = new ConversationItem.FunctionOutput($"call_{random.Next(6)}", Word(random));
                break;
            case 8:
                item = random.Next(2) == 0
                    ? new ConversationItem.McpCall("almanac", "tide", "{}", random.Next(2) == 0 ? null : Word(random), random.Next(2) == 0 ? null : new ServerError("7", "protocol_error", null, null, null))
                    : new ConversationItem.McpApproval("almanac", "book", "{}", random.Next(3) switch { 0 => null, 1 => true, _ => false });
                break;
            default:
                item = new ConversationItem.Other("mcp_list_tools", default);
                break;
        }

        return new CheckpointEntry(item with { Id = id, State = state }, hearing, progress);
    }

    private static List<ItemContent> Parts(Random random) =>
        [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => (ItemContent)(random.Next(4) switch
        {
            0 => new ItemContent.Text(Word(random)),
            1 => new ItemContent.Audio(default),
            2 => new ItemContent.Image("image/png") { Detail = random.Next(2) == 0 ? null : "low" },
            _ => new ItemContent.Audio(default, Word(random)),
        }))];

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    private static TokenUsage Tokens(Random random) => new(Modalities(random), Modalities(random), Modalities(random), random.Next());

    private static ModalityTokens Modalities(Random random) => new(random.Next(), random.Next(), random.Next());
}
