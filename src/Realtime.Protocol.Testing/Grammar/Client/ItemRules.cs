using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Items of the conversation: putting them in, taking them out, looking at them.</summary>
internal sealed class ItemRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    // What a message of each role is made of.
    private static readonly (string Role, string[] Parts)[] Contents =
    [
        ("system", ["input_text"]),
        ("user", ["input_text", "input_audio", "input_image"]),
        ("assistant", ["output_text", "output_audio"]),
    ];

    public override Asked Said(Asked asked, JsonElement json)
    {
        switch (asked.Type)
        {
            case "conversation.item.create" when json.Text("item.type") == "message":
                return Suspect(asked, json);
            case "conversation.item.delete" when Seen.Item(asked.Target) is { IsDone: false, Response: { IsDone: false, InConversation: true } }:
                Verdicts.Broke("delete-while-made", asked, $"{Words.Name(asked.Target)} is still being made: its late conversation.item.done brings it back.");
                break;
            case "conversation.item.retrieve" when Seen.Item(asked.Target) is { Retrieve: { } before }:
                Verdicts.Broke("retrieve-again", asked, $"A retrieve of {Words.Name(asked.Target)} is under way ({Words.Event(before)}); one answers all.");
                break;
        }

        return asked;
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked is not { Type: "conversation.item.create" or "conversation.item.delete" or "conversation.item.retrieve" or "conversation.item.truncate" })
        {
            return false;
        }

        SeenItem? item = Seen.Item(asked.Target);
        bool isUnknown = error.Code is "item_delete_invalid_item_id" or "item_retrieve_invalid_item_id" or "item_truncate_invalid_item_id";
        if (isUnknown && item?.Response is { InConversation: false } aside)
        {
            Verdicts.Broke("out-of-band-in-conversation", asked, $"{Words.Name(aside.Id)} was out of band and you expected {Words.Name(item.Id)} of it in the conversation: it is not there.");
            return true;
        }

        string? deleted = item is { IsDeleted: true } ? $"{Words.Name(asked.Target)} was deleted{Words.Ago(item.DeletedAt, asked.At)}." : null;
        bool isRace = item is { IsDeleted: true } && IsUnderWay(item.DeletedAt, asked.At);
        switch (error.Code)
        {
            case "item_delete_invalid_item_id":
                Verdicts.Broke("delete-unknown", asked, deleted ?? $"There is no item {Words.Name(asked.Target)} in this conversation.", isRace);
                return true;
            case "item_retrieve_invalid_item_id":
                Verdicts.Broke("retrieve-unknown", asked, deleted ?? $"There is no item {Words.Name(asked.Target)} in this conversation.", isRace);
                return true;
            case "item_create_duplicate_item_id":
                Verdicts.Broke("item-id-taken", asked, "The id of this item is in use.");
                return true;
            case "item_create_invalid_previous_item_id":
                Verdicts.Broke("item-after-unknown", asked, "previous_item_id names an item that is not in this conversation.");
                return true;
            default:
                return Content(asked, error);
        }
    }

    private bool Content(Asked asked, in HeardError error)
    {
        if (asked.Suspicion is not { } rule || !(error.Param?.StartsWith("item.content", StringComparison.Ordinal) ?? true))
        {
            return false;
        }

        Verdicts.Broke(rule, asked, asked.SuspicionSays);
        return true;
    }

    private static Asked Suspect(Asked asked, JsonElement json)
    {
        string? role = json.Text("item.role");
        int place = 0;
        foreach (JsonElement part in json.Elements("item.content"))
        {
            string? type = part.Text("type");
            if (type is "output_audio")
            {
                return asked with { Suspicion = "item-model-sound", SuspicionSays = $"Sound of the model cannot be put back (content[{place}] is output_audio)." };
            }

            if (Array.Find(Contents, row => row.Role == role).Parts is { } parts && type is not null && !parts.Contains(type))
            {
                return asked with { Suspicion = "item-content-for-role", SuspicionSays = $"A message of the role {Words.Name(role)} takes {string.Join(", ", parts.Where(static one => one != "output_audio"))}, not {Words.Name(type)}." };
            }

            place++;
        }

        return asked;
    }
}
