namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What a response reads instead of the conversation. An item that the conversation holds goes as a reference to it, so that nothing is sent twice and the server's copy counts; any other goes in
/// full and without an id, since it becomes no item of the conversation. A reference to what the conversation does not hold would be an error, so it is refused before it is sent, and left out
/// where its item was deleted while the request waited.
/// </summary>
internal static class ReferToKnownItems
{
    /// <summary>Null when every reference names an item that the conversation holds; otherwise why not.</summary>
    [LifecycleRule("RC-23")]
    public static string? Refusal(ResponseParameters? request, ItemTable items)
    {
        ReadOnlySpan<Item> input = InputOf(request);
        for (int i = 0; i < input.Length; i++)
        {
            if (input[i] is ItemReference reference && !items.Holds(reference.Id.ToString()))
            {
                return $"You asked for a response that reads an item by reference, in place {i} of its input, and the conversation does not hold that item.";
            }
        }

        return null;
    }

    /// <summary>The same request, with each item that the conversation holds as a reference to it; null when nothing is stated.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="input">What it reads instead of what it states itself; null leaves that.</param>
    /// <param name="items">What the conversation holds.</param>
    public static ResponseParameters? In(ResponseParameters? request, IReadOnlyList<ConversationItem>? input, ItemTable items)
    {
        if (request is null || input is null)
        {
            return In(request, items);
        }

        var read = new List<Item>(input.Count);
        foreach (ConversationItem item in input)
        {
            if ((item.Id.Length > 0 && items.Holds(item.Id) ? new ItemReference { Id = item.Id } : ItemWriting.ToWire(item)) is { } entry)
            {
                read.Add(entry);
            }
        }

        return CommandWriter.With(request, request.Metadata, read.ToArray());
    }

    private static ResponseParameters? In(ResponseParameters? request, ItemTable items)
    {
        if (request is not { Input.HasValue: true })
        {
            return request;
        }

        ReadOnlySpan<Item> given = request.Input.Items;
        var input = new Item[given.Length];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = IdOf(given[i]) is { Length: > 0 } id && items.Holds(id) ? new ItemReference { Id = id } : WithoutId(given[i]);
        }

        return CommandWriter.With(request, request.Metadata, input);
    }

    /// <summary>What the next response of a turn is asked for with: what it was asked for with first, and what was said between it and its tools since.</summary>
    public static ResponseParameters? Next(TurnState turn, ItemTable items)
    {
        if (turn.Request is not { } request || (!request.Input.HasValue && turn.Exchanged.Count == 0))
        {
            return turn.Request; // it reads the conversation, and all that was said in it
        }

        List<Item> input = request.Input.HasValue ? [.. InputOf(request)] : items.References();
        input.AddRange(turn.Exchanged);
        input.RemoveAll(item => item is ItemReference reference && !items.Holds(reference.Id.ToString()));
        return CommandWriter.With(request, request.Metadata, input.ToArray());
    }

    /// <summary>The conversation took part in a turn that chose what it reads: its next request refers to these items as well.</summary>
    public static void Add(TurnState turn, params ReadOnlySpan<TrackedItem> items)
    {
        if (turn is { IsOutOfBand: false, Request.Input.HasValue: true })
        {
            foreach (TrackedItem item in items)
            {
                turn.Exchanged.Add(new ItemReference { Id = item.Id });
            }
        }
    }

    private static ReadOnlySpan<Item> InputOf(ResponseParameters? request) => request is null ? default : request.Input.Items;

    private static string? IdOf(Item item) => item switch
    {
        MessageItem message => Of(message.Id),
        FunctionCallItem call => Of(call.Id),
        FunctionCallOutputItem output => Of(output.Id),
        McpListToolsItem tools => Of(tools.Id),
        McpCallItem call => Of(call.Id),
        McpApprovalRequestItem request => Of(request.Id),
        McpApprovalResponseItem response => Of(response.Id),
        ItemReference reference => Of(reference.Id),
        _ => null,
    };

    // The items of MCP are nothing without theirs.
    private static Item WithoutId(Item item)
    {
        switch (item)
        {
            case MessageItem message:
                message.Id = default;
                break;
            case FunctionCallItem call:
                call.Id = default;
                break;
            case FunctionCallOutputItem output:
                output.Id = default;
                break;
        }

        return item;
    }

    private static string? Of(Text id) => id.HasValue ? id.ToString() : null;
}
