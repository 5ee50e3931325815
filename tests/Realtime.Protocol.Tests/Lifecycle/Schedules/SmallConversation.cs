namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>The conversation of the small server: its items in order, and of each how much sound it has. It says of every item when it comes and when it is done, under the names and with the gaps of the trouble at hand.</summary>
internal sealed class SmallConversation(SmallVoice voice, Trouble trouble)
{
    private readonly List<string> _items = [];
    private readonly Dictionary<string, long> _audio = [];

    public IEnumerable<string> Items => _items;

    public bool Holds(string item) => _items.Contains(item);

    /// <summary>An item begins, without a sound so far, whether the conversation will hold it or not.</summary>
    public void Begin(string item) => _audio[item] = 0;

    /// <summary>An item sounds.</summary>
    public void Sound(string item, int bytes) => _audio[item] += bytes;

    public void Add(string item, string json, string previous = "")
    {
        _audio.TryAdd(item, 0);
        Enter(item, json, previous);
        ItemDone(json);
    }

    /// <summary>The conversation holds it from now on. A server of old names does not say where.</summary>
    public void Enter(string item, string json, string previous = "")
    {
        int place = previous == "root" ? 0 : previous == "" ? _items.Count : _items.IndexOf(previous) + 1;
        _items.Insert(place, item);
        string behind = place == 0 ? "null" : $"\"{_items[place - 1]}\"";
        if (trouble.HasFlag(Trouble.OldNames))
        {
            voice.Say("conversation.item.created", $"\"item\":{json}");
        }
        else
        {
            voice.Say("conversation.item.added", $"\"previous_item_id\":{behind},\"item\":{json}");
        }
    }

    public void ItemDone(string item)
    {
        if (!trouble.HasFlag(Trouble.NoItemDone))
        {
            voice.Say("conversation.item.done", $"\"item\":{item}");
        }
    }

    /// <summary>An item of a response is done.</summary>
    public void Close(SmallResponse running, string item)
    {
        if (!running.IsBeside)
        {
            ItemDone(item);
        }

        voice.Say("response.output_item.done", $"\"response_id\":\"{running.Id}\",\"output_index\":{running.Items - 1},\"item\":{item}");
    }

    public void Truncate(FrameGlance truncate)
    {
        if (truncate.IsByItself && (truncate.AudioEndMilliseconds * 48 > _audio.GetValueOrDefault(truncate.Item) || !_items.Contains(truncate.Item)))
        {
            voice.Refuse(truncate, "invalid_value", "no");
            return;
        }

        if (!_items.Contains(truncate.Item))
        {
            voice.Accuse($"a truncation of {truncate.Item}, which is not in the conversation");
            voice.Refuse(truncate, "item_truncate_invalid_item_id", "no");
            return;
        }

        if (truncate.AudioEndMilliseconds * 48 > _audio[truncate.Item] || truncate.AudioEndMilliseconds <= 0)
        {
            voice.Accuse($"a truncation to {truncate.AudioEndMilliseconds} ms of {_audio[truncate.Item]} bytes");
        }

        _audio[truncate.Item] = truncate.AudioEndMilliseconds * 48;
        voice.Say("conversation.item.truncated", $"\"item_id\":\"{truncate.Item}\",\"content_index\":0,\"audio_end_ms\":{truncate.AudioEndMilliseconds}");
    }

    public void Delete(FrameGlance delete)
    {
        if (!_items.Remove(delete.Item))
        {
            voice.Accuse($"a deletion of {delete.Item}, which is not in the conversation");
            voice.Refuse(delete, "item_delete_invalid_item_id", "no");
            return;
        }

        voice.Say("conversation.item.deleted", $"\"item_id\":\"{delete.Item}\"");
    }

    public static string UserMessage(string item) => $"{{\"id\":\"{item}\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\",\"content\":[]}}";
}
