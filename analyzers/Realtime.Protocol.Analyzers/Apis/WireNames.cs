using System;
using System.Collections.Generic;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>The names by which JSON speaks of what libraries have types for: of client events, of one kind of item, and of events of the server.</summary>
internal static class WireNames
{
    /// <summary>What the value of a member <c>type</c> asks the server for.</summary>
    public static readonly IReadOnlyDictionary<string, Act> Acts = new Dictionary<string, Act>(StringComparer.Ordinal)
    {
        ["session.update"] = Act.Configure,
        ["input_audio_buffer.append"] = Act.SendAudio,
        ["input_audio_buffer.commit"] = Act.CommitAudio,
        ["input_audio_buffer.clear"] = Act.ClearAudio,
        ["conversation.item.create"] = Act.AddItem,
        ["conversation.item.truncate"] = Act.Truncate,
        ["function_call_output"] = Act.ToolOutput,
        ["response.create"] = Act.AskForResponse,
        ["response.cancel"] = Act.Cancel,
    };

    /// <summary>What the server calls an event; both dialects.</summary>
    public static readonly IReadOnlyDictionary<string, ServerEvent> Events = new Dictionary<string, ServerEvent>(StringComparer.Ordinal)
    {
        ["session.created"] = ServerEvent.SessionCreated,
        ["session.updated"] = ServerEvent.SessionUpdated,
        ["input_audio_buffer.speech_started"] = ServerEvent.SpeechStarted,
        ["input_audio_buffer.speech_stopped"] = ServerEvent.SpeechStopped,
        ["input_audio_buffer.committed"] = ServerEvent.AudioCommitted,
        ["conversation.item.added"] = ServerEvent.ItemAdded,
        ["conversation.item.created"] = ServerEvent.ItemAdded,
        ["conversation.item.done"] = ServerEvent.ItemDone,
        ["response.created"] = ServerEvent.ResponseCreated,
        ["response.done"] = ServerEvent.ResponseDone,
        ["response.output_item.added"] = ServerEvent.OutputItemAdded,
        ["response.output_item.done"] = ServerEvent.OutputItemDone,
        ["response.function_call_arguments.done"] = ServerEvent.ArgumentsDone,
        ["response.output_audio.delta"] = ServerEvent.AudioDelta,
        ["response.audio.delta"] = ServerEvent.AudioDelta,
        ["response.output_audio.done"] = ServerEvent.AudioDone,
        ["response.audio.done"] = ServerEvent.AudioDone,
        ["error"] = ServerEvent.Error,
    };

    /// <summary>The names of these client events.</summary>
    public static IEnumerable<string> NamesOf(Act acts)
    {
        foreach (var row in Acts)
        {
            if ((row.Value & acts) != 0)
            {
                yield return row.Key;
            }
        }
    }

    /// <summary>The names of these events of the server.</summary>
    public static IEnumerable<string> NamesOf(ServerEvent events)
    {
        foreach (var row in Events)
        {
            if ((row.Value & events) != 0)
            {
                yield return row.Key;
            }
        }
    }
}
