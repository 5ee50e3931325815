using System.Buffers;
using Realtime.Protocol.Testing.Simulation.Audio;

namespace Realtime.Protocol.Testing.Simulation.Conversation;

/// <summary>
/// Makes items of what clients send, by the rules of the protocol: which roles may say what, which members a part needs, which calls may
/// be answered. A refusal leaves nothing behind.
/// </summary>
internal static class ItemCreation
{
    private static readonly SearchValues<char> CallIdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static readonly string[] KindsSupported = ["message", "function_call", "function_call_output", "mcp_approval_response"];

    /// <summary>Reads one item.</summary>
    /// <param name="path">Where it lies in the event, for refusals: <c>item</c>, or <c>response.input[0]</c>.</param>
    /// <param name="hasCall">Whether there is a call with this id to answer.</param>
    public static bool TryRead(ItemView view, string path, WireIds ids, SpeechFormat inputFormat, Func<string, bool> hasCall, out SimulatedItem item, out Refusal refusal)
    {
        refusal = default;
        string id = view.Id.HasValue ? view.Id.ToString() : "";
        id = id.Length > 0 ? id : ids.Item();
        if (view.TryGetMessage(out MessageItemView message))
        {
            return TryReadMessage(message, path, id, inputFormat, out item, out refusal);
        }

        if (view.TryGetFunctionCall(out FunctionCallItemView call))
        {
            item = new SimulatedItem(id, ItemKind.FunctionCall)
            {
                Name = call.Name.ToString(),
                CallId = call.CallId.HasValue ? call.CallId.ToString() : ids.Call(),
                Arguments = call.Arguments.ToString(),
            };
            return IsCallId(item.CallId, path, out refusal);
        }

        if (view.TryGetFunctionCallOutput(out FunctionCallOutputItemView output))
        {
            item = new SimulatedItem(id, ItemKind.FunctionCallOutput) { CallId = output.CallId.ToString(), Output = output.Output.ToString() };
            if (IsCallId(item.CallId, path, out refusal) && !hasCall(item.CallId))
            {
                refusal = Refusal.UnknownCall(item.CallId);
            }

            return refusal.Code is null;
        }

        if (view.TryGetMcpApprovalResponse(out McpApprovalResponseItemView approval))
        {
            item = new SimulatedItem(id, ItemKind.McpApprovalResponse) { ApprovalRequestId = approval.ApprovalRequestId.ToString(), Approved = approval.Approve };
            return true;
        }

        item = null!;
        refusal = Refusal.NotOneOf($"{path}.type", view.Type.ToString(), KindsSupported);
        return false;
    }

    private static bool TryReadMessage(MessageItemView message, string path, string id, SpeechFormat inputFormat, out SimulatedItem item, out Refusal refusal)
    {
        item = new SimulatedItem(id, ItemKind.Message) { Role = message.Role.Value };
        string[] allowed = AllowedParts(message.Role.Value);
        refusal = allowed.Length == 0 ? Refusal.NotOneOf($"{path}.role", message.Role.ToString(), "system", "user", "assistant")
            : !message.Content.HasValue ? Refusal.Missing($"{path}.content")
            : default;
        if (refusal.Code is not null)
        {
            return false;
        }

        int index = 0;
        foreach (ContentPartView part in message.Content)
        {
            if (!TryReadPart(part, $"{path}.content[{index++}]", allowed, inputFormat, out SimulatedPart read, out refusal))
            {
                return false;
            }

            item.PartList.Add(read);
        }

        return true;
    }

    private static bool TryReadPart(ContentPartView part, string path, string[] allowed, SpeechFormat inputFormat, out SimulatedPart read, out Refusal refusal)
    {
        read = new SimulatedPart(part.Type.Value)
        {
            Text = part.Text.ToString(),
            Transcript = part.Transcript.HasValue ? part.Transcript.ToString() : null,
            ImageUrl = part.ImageUrl.ToString(),
            Detail = part.Detail.HasValue ? part.Detail.ToString() : null,
            Format = inputFormat,
        };
        refusal = (part.Type.Value, part.Type.HasValue) switch
        {
            (_, false) => Refusal.Missing($"{path}.type"),

            // Recorded: a client that replays what the model said as sound is told that the text is missing.
            (ContentPartType.OutputAudio, _) when allowed.Contains("output_text") => Refusal.Missing($"{path}.text"),
            _ when !allowed.Contains(part.Type.ToString()) => Refusal.NotOneOf($"{path}.type", part.Type.ToString(), allowed),
            (ContentPartType.InputAudio, _) when !part.Audio.HasValue => Refusal.Missing($"{path}.audio"),
            (ContentPartType.InputImage, _) when !part.ImageUrl.HasValue => Refusal.Missing($"{path}.image_url"),
            (ContentPartType.InputText or ContentPartType.OutputText, _) when !part.Text.HasValue => Refusal.Missing($"{path}.text"),
            _ => default,
        };
        if (refusal.Code is null && part.Audio.HasValue)
        {
            var audio = new ArrayBufferWriter<byte>();
            part.Audio.DecodeTo(audio);
            read.Sounds(new GivenSound(audio.WrittenMemory), audio.WrittenCount);
        }

        return refusal.Code is null;
    }

    private static string[] AllowedParts(MessageItemRole role) => role switch
    {
        MessageItemRole.System => ["input_text"],
        MessageItemRole.User => ["input_text", "input_audio", "input_image"],
        MessageItemRole.Assistant => ["output_text"],
        _ => [],
    };

    private static bool IsCallId(string callId, string path, out Refusal refusal)
    {
        bool valid = callId.Length > 0 && !callId.AsSpan().ContainsAnyExcept(CallIdCharacters);
        refusal = valid ? default : Refusal.CallIdCharacters($"{path}.call_id");
        return valid;
    }
}
