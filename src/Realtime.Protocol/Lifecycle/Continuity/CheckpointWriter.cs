using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>Writes a checkpoint as JSON, member by member as <see cref="CheckpointReader"/> reads it. What is absent is left out; null stands only where it differs from that.</summary>
internal static class CheckpointWriter
{
    [SequencerEntry] // No event, and it is sent to nobody.
    public static ReadOnlyMemory<byte> Write(SessionCheckpoint checkpoint)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonWrite.Write(output, new Document(checkpoint));
        return output.WrittenMemory;
    }

    private readonly struct Document(SessionCheckpoint checkpoint) : IJsonWritable
    {
        public void WriteTo<TSink>(scoped ref TSink sink)
            where TSink : struct, IJsonSink, allows ref struct
        {
            sink.Raw("{\"realtime_checkpoint\":"u8);
            sink.Integer(CheckpointWords.Version);
            Member(ref sink, ",\"kind\":"u8, CheckpointWords.Of(CheckpointWords.Kinds, checkpoint.Purpose));
            Optional(ref sink, ",\"session\":"u8, checkpoint.SessionId);
            sink.Raw(",\"last_turn\":"u8);
            sink.Integer(checkpoint.LastTurn);
            Optional(ref sink, ",\"configuration\":"u8, checkpoint.Configuration);
            if (checkpoint.Secrets.Length > 0)
            {
                sink.Raw(",\"left_out\":["u8);
                for (int i = 0; i < checkpoint.Secrets.Length; i++)
                {
                    Member(ref sink, i == 0 ? default : ","u8, checkpoint.Secrets[i]);
                }

                sink.Raw("]"u8);
            }

            Usage(ref sink, checkpoint.Usage);
            sink.Raw(",\"items\":["u8);
            for (int i = 0; i < checkpoint.Entries.Length; i++)
            {
                sink.Raw(i == 0 ? default : ","u8);
                Entry(ref sink, checkpoint.Entries[i]);
            }

            sink.Raw("],\"questions\":["u8);
            for (int i = 0; i < checkpoint.Open.Length; i++)
            {
                sink.Raw(i == 0 ? "{\"turn\":"u8 : ",{\"turn\":"u8);
                sink.Integer(checkpoint.Open[i].Turn);
                sink.Raw(checkpoint.Open[i].WasSent ? ",\"sent\":true"u8 : ",\"sent\":false"u8);
                Optional(ref sink, ",\"request\":"u8, checkpoint.Open[i].Request);
                sink.Raw("}"u8);
            }

            sink.Raw("]}"u8);
        }
    }

    private static void Usage<TSink>(scoped ref TSink sink, SessionUsage usage)
        where TSink : struct, IJsonSink, allows ref struct
    {
        sink.Raw(",\"usage\":{\"responses\":"u8);
        Tokens(ref sink, usage.Responses);
        sink.Raw(",\"transcription\":"u8);
        Tokens(ref sink, usage.Transcription);
        sink.Raw(",\"transcribed_ms\":"u8);
        sink.Integer((long)usage.TranscribedAudio.TotalMilliseconds);
        sink.Raw(",\"responses_without\":"u8);
        sink.Integer(usage.ResponsesWithoutUsage);
        sink.Raw(",\"transcripts_without\":"u8);
        sink.Integer(usage.TranscriptsWithoutUsage);
        sink.Raw("}"u8);
    }

    private static void Tokens<TSink>(scoped ref TSink sink, TokenUsage tokens)
        where TSink : struct, IJsonSink, allows ref struct
    {
        sink.Raw("{\"input\":"u8);
        Modalities(ref sink, tokens.Input);
        sink.Raw(",\"cached\":"u8);
        Modalities(ref sink, tokens.CachedInput);
        sink.Raw(",\"output\":"u8);
        Modalities(ref sink, tokens.Output);
        sink.Raw(",\"reasoning\":"u8);
        sink.Integer(tokens.ReasoningOutput);
        sink.Raw("}"u8);
    }

    private static void Modalities<TSink>(scoped ref TSink sink, ModalityTokens tokens)
        where TSink : struct, IJsonSink, allows ref struct
    {
        sink.Raw("{\"text\":"u8);
        sink.Integer(tokens.Text);
        sink.Raw(",\"audio\":"u8);
        sink.Integer(tokens.Audio);
        sink.Raw(",\"image\":"u8);
        sink.Integer(tokens.Image);
        sink.Raw("}"u8);
    }

    private static void Entry<TSink>(scoped ref TSink sink, CheckpointEntry entry)
        where TSink : struct, IJsonSink, allows ref struct
    {
        Member(ref sink, "{\"id\":"u8, entry.Item.Id);
        Member(ref sink, ",\"state\":"u8, CheckpointWords.Of(CheckpointWords.States, entry.Item.State));
        if (entry.Hearing is not ItemHearing.Whole)
        {
            Member(ref sink, ",\"heard\":"u8, CheckpointWords.Of(CheckpointWords.Hearings, entry.Hearing));
        }

        switch (entry.Item)
        {
            case ConversationItem.Message message:
                Message(ref sink, message);
                break;
            case ConversationItem.FunctionCall call:
                Member(ref sink, ",\"type\":\"call\",\"call_id\":"u8, call.CallId);
                Member(ref sink, ",\"name\":"u8, call.Name);
                Member(ref sink, ",\"arguments\":"u8, call.Arguments);
                Member(ref sink, ",\"progress\":"u8, CheckpointWords.Of(CheckpointWords.Progresses, entry.Call));
                break;
            case ConversationItem.FunctionOutput output:
                Member(ref sink, ",\"type\":\"output\",\"call_id\":"u8, output.CallId);
                Member(ref sink, ",\"output\":"u8, output.Output);
                break;
            case ConversationItem.McpCall call:
                Member(ref sink, ",\"type\":\"mcp_call\",\"server\":"u8, call.Server);
                Member(ref sink, ",\"name\":"u8, call.Name);
                Member(ref sink, ",\"arguments\":"u8, call.Arguments);
                Optional(ref sink, ",\"output\":"u8, call.Output);
                Error(ref sink, call.Error);
                break;
            case ConversationItem.McpApproval approval:
                Member(ref sink, ",\"type\":\"mcp_approval\",\"server\":"u8, approval.Server);
                Member(ref sink, ",\"name\":"u8, approval.Name);
                Member(ref sink, ",\"arguments\":"u8, approval.Arguments);
                sink.Raw(approval.Approved switch { true => ",\"approved\":true"u8, false => ",\"approved\":false"u8, null => default });
                break;
            case ConversationItem.Other other:
                Member(ref sink, ",\"type\":\"other\",\"name\":"u8, other.Type);
                break;
        }

        sink.Raw("}"u8);
    }

    private static void Message<TSink>(scoped ref TSink sink, ConversationItem.Message message)
        where TSink : struct, IJsonSink, allows ref struct
    {
        Member(ref sink, ",\"type\":\"message\",\"role\":"u8, CheckpointWords.Of(CheckpointWords.Roles, message.Role));
        if (message.TruncatedAt is { } cut)
        {
            sink.Raw(",\"cut_ms\":"u8);
            sink.Integer((long)cut.TotalMilliseconds);
        }

        sink.Raw(",\"parts\":["u8);
        for (int i = 0; i < message.Content.Count; i++)
        {
            sink.Raw(i == 0 ? default : ","u8);
            switch (message.Content[i])
            {
                case ItemContent.Text text:
                    Member(ref sink, "{\"text\":"u8, text.Value);
                    break;
                case ItemContent.Audio { Transcript: { } transcript }:
                    Member(ref sink, "{\"said\":"u8, transcript);
                    break;
                case ItemContent.Image image:
                    Member(ref sink, "{\"picture\":"u8, image.MediaType);
                    Optional(ref sink, ",\"detail\":"u8, image.Detail);
                    break;
                default:
                    sink.Raw("{\"said\":null"u8);
                    break;
            }

            sink.Raw("}"u8);
        }

        sink.Raw("]"u8);
    }

    private static void Error<TSink>(scoped ref TSink sink, ServerError? error)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (error is null)
        {
            return;
        }

        // Its message is the foreign server's own, and may quote what was sent to it.
        Member(ref sink, ",\"error\":{\"type\":"u8, error.Type ?? "");
        Optional(ref sink, ",\"code\":"u8, error.Code);
        sink.Raw("}"u8);
    }

    private static void Member<TSink>(scoped ref TSink sink, ReadOnlySpan<byte> name, string value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        sink.Raw(name);
        sink.String(new Text(value));
    }

    private static void Optional<TSink>(scoped ref TSink sink, ReadOnlySpan<byte> name, string? value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (value is not null)
        {
            Member(ref sink, name, value);
        }
    }

    private static void Optional<TSink>(scoped ref TSink sink, ReadOnlySpan<byte> name, RawJson value)
        where TSink : struct, IJsonSink, allows ref struct
    {
        if (value.HasValue)
        {
            sink.Raw(name);
            sink.Raw(value.Utf8);
        }
    }
}
