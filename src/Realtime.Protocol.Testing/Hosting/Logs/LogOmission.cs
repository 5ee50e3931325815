using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>
/// Finds what a log does without: audio, unless it is asked for, and always the secrets with which remote tools are called, <c>authorization</c> and every value of <c>headers</c> of a
/// tool. Three places hold audio, in whatever event: <c>audio</c> of <c>input_audio_buffer.append</c>, <c>delta</c> of
/// <c>response.output_audio.delta</c> (and of its older name), and <c>audio</c> of a content part. The same names elsewhere, in metadata or in a tool's arguments, are not audio.
/// </summary>
internal static class LogOmission
{
    private static readonly byte[] Withheld = "\"…\""u8.ToArray();

    // The reader's own limit is 64; an event that is nested deeper is still an event.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Adds every place, in the order in which they stand.</summary>
    /// <exception cref="JsonException">The message is not JSON.</exception>
    public static void Find(ReadOnlySpan<byte> message, List<OmittedPlace> found)
    {
        var json = new Utf8JsonReader(message, Options);
        ReadOnlySpan<byte> topMember = TopMemberWithAudio(message);
        var containers = new Stack<Container>();
        var next = Container.Other;
        bool namesAudio = false;
        bool namesSecret = false;
        bool isTopMember = false;
        int nameStart = 0;
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    nameStart = (int)json.TokenStartIndex;
                    namesAudio = json.ValueTextEquals("audio"u8);
                    Container owner = containers.Peek();
                    namesSecret = owner == Container.Headers || (owner == Container.Tool && json.ValueTextEquals("authorization"u8));
                    isTopMember = json.CurrentDepth == 1 && !topMember.IsEmpty && json.ValueTextEquals(topMember);
                    next = json.ValueTextEquals("content"u8) ? Container.Parts
                        : json.ValueTextEquals("part"u8) ? Container.Part
                        : json.ValueTextEquals("tools"u8) ? Container.Tools
                        : owner == Container.Tool && json.ValueTextEquals("headers"u8) ? Container.Headers
                        : Container.Other;
                    continue;
                case JsonTokenType.StartArray:
                    containers.Push(next is Container.Parts or Container.Tools ? next : Container.Other);
                    break;
                case JsonTokenType.StartObject:
                    containers.TryPeek(out Container around);
                    containers.Push(next is Container.Part or Container.Headers ? next : around == Container.Parts ? Container.Part : around == Container.Tools ? Container.Tool : Container.Other);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    containers.Pop();
                    break;
                case JsonTokenType.String when isTopMember || (namesAudio && containers.TryPeek(out Container inside) && inside == Container.Part):
                    found.Add(new(nameStart, (int)json.BytesConsumed, WithoutAudio(isTopMember ? topMember : "audio"u8, CountBytes(json)), IsAudio: true));
                    break;
                case JsonTokenType.String when namesSecret:
                    found.Add(new((int)json.TokenStartIndex, (int)json.BytesConsumed, Withheld, IsAudio: false));
                    break;
            }

            (next, namesAudio, namesSecret, isTopMember) = (Container.Other, false, false, false);
        }
    }

    private static ReadOnlySpan<byte> TopMemberWithAudio(ReadOnlySpan<byte> message)
    {
        var json = new Utf8JsonReader(message, Options);
        while (json.Read())
        {
            if (json.CurrentDepth == 1 && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("type"u8) && json.Read() && json.TokenType == JsonTokenType.String)
            {
                return json.ValueTextEquals("input_audio_buffer.append"u8) ? "audio"u8
                    : json.ValueTextEquals("response.output_audio.delta"u8) || json.ValueTextEquals("response.audio.delta"u8) ? "delta"u8
                    : default;
            }
        }

        return default;
    }

    // Silence in its place keeps the line an event of the protocol. What is no base64 has no size, and its line is none.
    private static byte[] WithoutAudio(ReadOnlySpan<byte> member, int? bytes)
    {
        string name = Encoding.UTF8.GetString(member);
        return Encoding.UTF8.GetBytes(bytes is { } size ? $"\"{name}\":\"\",\"{name}_bytes\":{size.ToString(CultureInfo.InvariantCulture)}" : $"\"{name}_bytes\":null");
    }

    private static int? CountBytes(in Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return Base64.IsValid(json.ValueSpan, out int plain) ? plain : null;
        }

        byte[] unescaped = new byte[json.ValueSpan.Length];
        int length = json.CopyString(unescaped);
        return Base64.IsValid(unescaped.AsSpan(0, length), out int bytes) ? bytes : null;
    }

    private enum Container
    {
        Other,
        Parts,
        Part,
        Tools,
        Tool,
        Headers,
    }
}

/// <summary>Bytes that a log does not take, and what stands in their place.</summary>
internal readonly record struct OmittedPlace(int Start, int End, byte[] Instead, bool IsAudio);
