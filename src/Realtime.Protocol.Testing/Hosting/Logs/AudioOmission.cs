using System.Buffers.Text;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>
/// Finds the audio in an event, so that a log can do without it. Three places hold audio, in whatever event: <c>audio</c> of <c>input_audio_buffer.append</c>, <c>delta</c> of
/// <c>response.output_audio.delta</c> (and of its older name), and <c>audio</c> of a content part. The same names elsewhere, in metadata or in a tool's arguments, are not audio.
/// </summary>
internal static class AudioOmission
{
    // The reader's own limit is 64; an event that is nested deeper is still an event.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Adds every member that holds audio, in the order in which they stand.</summary>
    /// <exception cref="JsonException">The message is not JSON.</exception>
    public static void Find(ReadOnlySpan<byte> message, List<AudioMember> found)
    {
        var json = new Utf8JsonReader(message, Options);
        ReadOnlySpan<byte> topMember = TopMemberWithAudio(message);
        var containers = new Stack<Container>();
        var next = Container.Other;
        bool namesAudio = false;
        bool isTopMember = false;
        int nameStart = 0;
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    nameStart = (int)json.TokenStartIndex;
                    namesAudio = json.ValueTextEquals("audio"u8);
                    isTopMember = json.CurrentDepth == 1 && !topMember.IsEmpty && json.ValueTextEquals(topMember);
                    next = json.ValueTextEquals("content"u8) ? Container.Parts : json.ValueTextEquals("part"u8) ? Container.Part : Container.Other;
                    continue;
                case JsonTokenType.StartArray:
                    containers.Push(next == Container.Parts ? Container.Parts : Container.Other);
                    break;
                case JsonTokenType.StartObject:
                    bool isPart = next == Container.Part || (containers.TryPeek(out Container around) && around == Container.Parts);
                    containers.Push(isPart ? Container.Part : Container.Other);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    containers.Pop();
                    break;
                case JsonTokenType.String when isTopMember || (namesAudio && containers.TryPeek(out Container inside) && inside == Container.Part):
                    found.Add(new(nameStart, (int)json.BytesConsumed, isTopMember ? topMember.ToArray() : "audio"u8.ToArray(), CountBytes(json)));
                    break;
            }

            (next, namesAudio, isTopMember) = (Container.Other, false, false);
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
    }
}

/// <summary>A member that holds audio: from its name's quote to behind its value, its name, and how many bytes of audio it is; null when it is not base64.</summary>
internal readonly record struct AudioMember(int Start, int End, byte[] Name, int? Bytes);
