using System.Text;

namespace Realtime.Protocol.Testing.Grammar;

/// <summary>
/// The order inside one response: items in sequence, parts in items, deltas in parts, and everything closed before it is done. It sees
/// only events of its own response.
/// </summary>
internal sealed class ResponseGrammar(bool inConversation)
{
    private List<OutputItem> _items = [];
    private readonly List<(ServerRules Rule, string What)> _violations = [];

    public bool InConversation => inConversation;

    public bool IsDone { get; private set; }

    /// <summary>Takes one event and gives the rules that it broke.</summary>
    /// <param name="itemIsDone">Whether the conversation has said that this item is done.</param>
    public IReadOnlyList<(ServerRules Rule, string What)> Accept(in ServerEvent said, Func<string, bool> itemIsDone)
    {
        _violations.Clear();
        if (said.TryGetResponseOutputItemAdded(out ResponseOutputItemAddedView added))
        {
            Open(added);
        }
        else if (said.TryGetResponseOutputItemDone(out ResponseOutputItemDoneView done))
        {
            Close(done, itemIsDone);
        }
        else if (said.TryGetResponseDone(out ResponseDoneView end))
        {
            Finish(end.Response);
        }
        else if (!AcceptPart(said) && !AcceptSound(said) && !AcceptText(said))
        {
            AcceptArguments(said);
        }

        return _violations;
    }

    private void Open(ResponseOutputItemAddedView added)
    {
        Require(added.OutputIndex == _items.Count, ServerRules.Output, $"its output_index is {added.OutputIndex}, and {_items.Count} is next");
        _items.Add(new OutputItem(added.Item.Id.ToString(), added.Item.Kind));
    }

    private void Close(ResponseOutputItemDoneView done, Func<string, bool> itemIsDone)
    {
        if (Find(done.OutputIndex, done.Item.Id) is not { } item)
        {
            return;
        }

        ItemStatus status = StatusOf(done.Item);
        Require(!item.IsDone, ServerRules.ItemsEnd, "the item was done before");
        Require(item.Part is null or { IsClosed: true }, ServerRules.Parts, "its content part is still open");
        Require(item.Kind is not (ItemKind.FunctionCall or ItemKind.McpCall) || item.ArgumentsDone, ServerRules.Parts, "its arguments are not done");
        Require(status is ItemStatus.Completed or ItemStatus.Incomplete, ServerRules.ItemsEnd, "its status is neither completed nor incomplete");

        // A call that the service makes by itself is done when it was made, which may be after the response.
        Require(!inConversation || item.Kind == ItemKind.McpCall || itemIsDone(item.Id), ServerRules.ItemsEnd, "conversation.item.done has to come first");
        item.IsDone = true;
    }

    private void Finish(ResponseView response)
    {
        Require(_items.TrueForAll(static item => item.IsDone), ServerRules.Output, "an item of the response is still open");
        Require(response.Status.Value is not (ResponseStatus.InProgress or ResponseStatus.Unknown), ServerRules.Creation, "its status is not final");
        int count = 0;
        foreach (ItemView item in response.Output)
        {
            Require(count < _items.Count && item.Id.ValueEquals(_items[count].Id), ServerRules.Output, "its output lists other items than were made");
            count++;
        }

        Require(count == _items.Count || response.Status.Value == ResponseStatus.Failed, ServerRules.Output, "its output leaves items out");
        IsDone = true;

        // Nobody asks for them any more, and a session has many responses.
        _items = [];
    }

    private bool AcceptPart(in ServerEvent said)
    {
        if (said.TryGetResponseContentPartAdded(out ResponseContentPartAddedView added))
        {
            if (Find(added.OutputIndex, added.ItemId) is { } item)
            {
                Require(item is { IsDone: false, Part: null or { IsClosed: true } }, ServerRules.Parts, "a part of the item is still open, or the item is done");
                Require(added.ContentIndex == item.PartCount, ServerRules.Parts, $"its content_index is {added.ContentIndex}, and {item.PartCount} is next");
                item.Part = new Part(added.Part.Type.Value);
                item.PartCount++;
            }

            return true;
        }

        if (said.TryGetResponseContentPartDone(out ResponseContentPartDoneView done))
        {
            if (OpenPart(done.OutputIndex, done.ItemId, done.ContentIndex, done.Part.Type.Value) is { } part)
            {
                bool spoken = part.Type == ResponsePartType.Audio;
                Require(part.WordsDone && part.SoundDone == spoken, ServerRules.Parts, "its text, or its audio and transcript, are not done");
                Require((spoken ? done.Part.Transcript : done.Part.Text).ValueEquals(part.Words.ToString()), ServerRules.Sums, "its words are not the sum of its deltas");
                part.IsClosed = true;
            }

            return true;
        }

        return false;
    }

    private bool AcceptSound(in ServerEvent said)
    {
        if (said.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta))
        {
            Require(OpenPart(delta.OutputIndex, delta.ItemId, delta.ContentIndex, ResponsePartType.Audio) is not { SoundDone: true }, ServerRules.Parts, "the audio is done");
            Require(delta.Delta.DecodedLength > 0, ServerRules.Sums, "it carries no audio");
        }
        else if (said.TryGetResponseOutputAudioDone(out ResponseOutputAudioDoneView done))
        {
            if (OpenPart(done.OutputIndex, done.ItemId, done.ContentIndex, ResponsePartType.Audio) is { } part)
            {
                Require(!part.SoundDone, ServerRules.Parts, "the audio was done before");
                part.SoundDone = true;
            }
        }
        else if (said.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView words))
        {
            Add(OpenPart(words.OutputIndex, words.ItemId, words.ContentIndex, ResponsePartType.Audio), words.Delta);
        }
        else if (said.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView all))
        {
            CloseWords(OpenPart(all.OutputIndex, all.ItemId, all.ContentIndex, ResponsePartType.Audio), all.Transcript);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool AcceptText(in ServerEvent said)
    {
        if (said.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView delta))
        {
            Add(OpenPart(delta.OutputIndex, delta.ItemId, delta.ContentIndex, ResponsePartType.Text), delta.Delta);
        }
        else if (said.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView all))
        {
            CloseWords(OpenPart(all.OutputIndex, all.ItemId, all.ContentIndex, ResponsePartType.Text), all.Text);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void AcceptArguments(in ServerEvent said)
    {
        if (said.TryGetResponseFunctionCallArgumentsDelta(out ResponseFunctionCallArgumentsDeltaView delta)
            && Find(delta.OutputIndex.GetValueOrDefault(_items.Count - 1), delta.ItemId) is { } open)
        {
            Require(open is { Kind: ItemKind.FunctionCall, ArgumentsDone: false }, ServerRules.Parts, "the item is no function call, or its arguments are done");
            open.Arguments.Append(delta.Delta.ToString());
        }
        else if (said.TryGetResponseFunctionCallArgumentsDone(out ResponseFunctionCallArgumentsDoneView all) && Find(all.OutputIndex, all.ItemId) is { } item)
        {
            Require(item is { Kind: ItemKind.FunctionCall, ArgumentsDone: false }, ServerRules.Parts, "the item is no function call, or its arguments were done before");
            Require(all.Arguments.ValueEquals(item.Arguments.ToString()), ServerRules.Sums, "its arguments are not the sum of its deltas");
            item.ArgumentsDone = true;
        }
        else if (said.TryGetResponseMcpCallArgumentsDelta(out ResponseMcpCallArgumentsDeltaView remote) && Find(remote.OutputIndex, remote.ItemId) is { } call)
        {
            Require(call is { Kind: ItemKind.McpCall, ArgumentsDone: false }, ServerRules.Parts, "the item is no MCP call, or its arguments are done");
            call.Arguments.Append(remote.Delta.ToString());
        }
        else if (said.TryGetResponseMcpCallArgumentsDone(out ResponseMcpCallArgumentsDoneView whole) && Find(whole.OutputIndex, whole.ItemId) is { } called)
        {
            Require(called is { Kind: ItemKind.McpCall, ArgumentsDone: false }, ServerRules.Parts, "the item is no MCP call, or its arguments were done before");
            Require(whole.Arguments.ValueEquals(called.Arguments.ToString()), ServerRules.Sums, "its arguments are not the sum of its deltas");
            called.ArgumentsDone = true;
        }
    }

    private void Add(Part? part, TextView delta)
    {
        Require(part is not { WordsDone: true }, ServerRules.Parts, "the words are done");
        part?.Words.Append(delta.ToString());
    }

    private void CloseWords(Part? part, TextView words)
    {
        if (part is not null)
        {
            Require(!part.WordsDone, ServerRules.Parts, "the words were done before");
            Require(words.ValueEquals(part.Words.ToString()), ServerRules.Sums, "its words are not the sum of its deltas");
            part.WordsDone = true;
        }
    }

    private Part? OpenPart(long outputIndex, TextView itemId, long contentIndex, ResponsePartType type)
    {
        OutputItem? item = Find(outputIndex, itemId);
        bool open = item is { IsDone: false, Part.IsClosed: false } && item.PartCount - 1 == contentIndex && item.Part.Type == type;
        Require(item is null || open, ServerRules.Parts, "there is no open part of this kind at this place");
        return open ? item!.Part : null;
    }

    private OutputItem? Find(long outputIndex, TextView id)
    {
        OutputItem? item = outputIndex >= 0 && outputIndex < _items.Count && id.ValueEquals(_items[(int)outputIndex].Id) ? _items[(int)outputIndex] : null;
        Require(item is not null, ServerRules.Output, "the response has no such item at this output_index");
        return item;
    }

    private static ItemStatus StatusOf(ItemView item) =>
        item.TryGetMessage(out MessageItemView message) ? message.Status.Value
        : item.TryGetFunctionCall(out FunctionCallItemView call) ? call.Status.Value
        : ItemStatus.Completed;

    private void Require(bool held, ServerRules rule, string otherwise)
    {
        if (!held)
        {
            _violations.Add((rule, otherwise));
        }
    }

    private sealed record OutputItem(string Id, ItemKind Kind)
    {
        public StringBuilder Arguments { get; } = new();

        public bool ArgumentsDone { get; set; }

        public Part? Part { get; set; }

        public int PartCount { get; set; }

        public bool IsDone { get; set; }
    }

    private sealed record Part(ResponsePartType Type)
    {
        public StringBuilder Words { get; } = new();

        public bool WordsDone { get; set; }

        public bool SoundDone { get; set; }

        public bool IsClosed { get; set; }
    }
}
