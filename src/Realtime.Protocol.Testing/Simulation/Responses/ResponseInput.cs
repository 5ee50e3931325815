using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Conversation;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>What a response reads in place of the conversation: the member <c>input</c> of its request, with items of its own and references.</summary>
internal static class ResponseInput
{
    /// <summary>Reads it; <paramref name="input"/> is null when the request has none.</summary>
    public static bool TryRead(ResponseParametersView parameters, SessionContext session, out List<SimulatedItem>? input, out Refusal refusal)
    {
        refusal = default;
        input = parameters.Input.HasValue ? [] : null;
        if (input is null)
        {
            return true;
        }

        foreach (ItemView view in parameters.Input)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"response.input[{input.Count}]");
            SimulatedItem? item;
            if (view.TryGetItemReference(out ItemReferenceView reference))
            {
                item = session.Conversation.Find(reference.Id.ToString());
                refusal = item is null ? Refusal.ReferenceUnknown($"{path}.id", reference.Id.ToString()) : default;
            }
            else if (!McpItems.TryRead(view, session.Ids, out item))
            {
                List<SimulatedItem> before = input;
                ItemCreation.TryRead(view, path, session.Ids, session.Settings.InputFormat, HasCall, out item, out refusal);
                bool HasCall(string callId) => before.Exists(other => other.CallId == callId) || session.Conversation.HasCall(callId);
                if (refusal.Code is null && item is { Kind: ItemKind.McpApprovalResponse, ApprovalRequestId: var asked } && !before.Exists(other => other.Id == asked) && session.Conversation.Find(asked) is null)
                {
                    refusal = Refusal.RequestUnknown(path, asked);
                }
            }

            if (refusal.Code is not null)
            {
                return false;
            }

            input.Add(item!);
        }

        return true;
    }
}
