using System.Text.Json;
using Microsoft.Extensions.AI;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI;

/// <summary>
/// An item of the server's as contents. A call is to be run in one message alone: at the end of the item that makes it, when it is complete, and only if nobody else runs it. Everywhere else it is told as
/// <see cref="FunctionCallContent.InformationalOnly"/>. What the server says wrongly of an item is missing in its contents and throws nothing:
/// the messages behind it are read as ever, and the event itself is the message's raw representation.
/// </summary>
internal static class ItemFromServer
{
    /// <param name="item">The item.</param>
    /// <param name="calls">Knows who runs a call that is whole; null where no call is to be run.</param>
    public static RealtimeConversationItem Of(ItemView item, ClientMessages? calls)
    {
        var contents = new List<AIContent>();
        ChatRole? role = null;
        if (item.TryGetMessage(out MessageItemView message))
        {
            role = message.Role.Raw.OrNull() is { } name && !string.IsNullOrWhiteSpace(name) ? new ChatRole(name) : null;
            foreach (ContentPartView part in message.Content)
            {
                if ((part.Text.OrNull() ?? part.Transcript.OrNull()) is { } text)
                {
                    contents.Add(new TextContent(text));
                }
            }
        }
        else if (item.TryGetFunctionCall(out FunctionCallItemView call))
        {
            Add(contents, Call(call, calls), calls);
        }
        else if (item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output))
        {
            contents.Add(new FunctionResultContent(output.CallId.OrNull() ?? "", output.Output.OrNull()));
        }
        else if (item.TryGetMcpCall(out McpCallItemView remote))
        {
            AddRemote(contents, remote);
        }

        return new(contents, item.Id.OrNull(), role);
    }

    private static void AddRemote(List<AIContent> contents, McpCallItemView call)
    {
        string id = call.Id.OrNull() ?? "";
        string name = call.Name.OrNull() ?? "";
        if (string.IsNullOrWhiteSpace(id) || string.IsNullOrWhiteSpace(name))
        {
            return; // these contents refuse to be made without them
        }

        contents.Add(new McpServerToolCallContent(id, name, call.ServerLabel.OrNull()) { Arguments = Parsed(call.Arguments, id, name).Arguments });
        if ((call.Output.OrNull() ?? (call.Error.HasValue ? call.Error.Message.OrNull() ?? "failed" : null)) is { } given)
        {
            contents.Add(new McpServerToolResultContent(id) { Outputs = [call.Error.HasValue ? new ErrorContent(given) : new TextContent(given)] });
        }
    }

    private static void Add(List<AIContent> contents, FunctionCallContent call, ClientMessages? calls)
    {
        // A middleware of this version runs what is said to be informational only as well; so a call that the session runs itself is not told as one where calls are run.
        if (calls is null || !call.InformationalOnly)
        {
            contents.Add(call);
        }
    }

    private static FunctionCallContent Call(FunctionCallItemView call, ClientMessages? calls)
    {
        string name = call.Name.OrNull() ?? "";
        FunctionCallContent content = Parsed(call.Arguments, call.CallId.OrNull() ?? call.Id.OrNull() ?? "", name);
        bool isWhole = !call.Status.HasValue || call.Status.Value is ItemStatus.Completed;
        content.InformationalOnly = calls is null || !isWhole || calls.RunsItself(name);
        return content;
    }

    /// <summary>A call whose arguments cannot be read has none, and its exception says why.</summary>
    private static FunctionCallContent Parsed(TextView arguments, string id, string name) => FunctionCallContent.CreateFromParsedArguments(arguments.OrNull() ?? "", id, name, Arguments);

    private static Dictionary<string, object?> Arguments(string json)
    {
        if (json.Length == 0)
        {
            return [];
        }

        JsonElement read = JsonElement.Parse(json);
        return read.ValueKind is JsonValueKind.Object
            ? read.EnumerateObject().ToDictionary(static argument => argument.Name, static argument => (object?)argument.Value, StringComparer.Ordinal)
            : throw new JsonException("The arguments are no object.");
    }
}
