using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>Reads what a session had used up when its checkpoint was taken: every count is there, and none is negative.</summary>
internal static class CheckpointUsage
{
    public static SessionUsage Read(ref CheckpointCursor json)
    {
        Slot transcribed = default, responsesWithout = default, transcriptsWithout = default;
        TokenUsage? responses = null, transcription = null;
        bool more = json.BeginObject();
        while (more)
        {
            Slot name = json.Name();
            if (json.Is(name, "responses"u8))
            {
                responses = responses is null ? Tokens(ref json) : throw json.Twice(name);
            }
            else if (json.Is(name, "transcription"u8))
            {
                transcription = transcription is null ? Tokens(ref json) : throw json.Twice(name);
            }
            else if (json.Is(name, "transcribed_ms"u8))
            {
                json.ReadInteger(ref transcribed);
            }
            else if (json.Is(name, "responses_without"u8))
            {
                json.ReadInteger(ref responsesWithout);
            }
            else if (json.Is(name, "transcripts_without"u8))
            {
                json.ReadInteger(ref transcriptsWithout);
            }
            else
            {
                throw json.Unknown(name);
            }

            more = json.NextMember();
        }

        return new SessionUsage(
            responses ?? throw json.Missing("responses"), transcription ?? throw json.Missing("transcription"), json.Time(transcribed, "transcribed_ms"), json.Count(responsesWithout, "responses_without"))
        {
            TranscriptsWithoutUsage = json.Count(transcriptsWithout, "transcripts_without"),
        };
    }

    private static TokenUsage Tokens(ref CheckpointCursor json)
    {
        ModalityTokens? input = null, cached = null, output = null;
        Slot reasoning = default;
        bool more = json.BeginObject();
        while (more)
        {
            Slot name = json.Name();
            if (json.Is(name, "input"u8))
            {
                input = input is null ? Modalities(ref json) : throw json.Twice(name);
            }
            else if (json.Is(name, "cached"u8))
            {
                cached = cached is null ? Modalities(ref json) : throw json.Twice(name);
            }
            else if (json.Is(name, "output"u8))
            {
                output = output is null ? Modalities(ref json) : throw json.Twice(name);
            }
            else if (json.Is(name, "reasoning"u8))
            {
                json.ReadInteger(ref reasoning);
            }
            else
            {
                throw json.Unknown(name);
            }

            more = json.NextMember();
        }

        return new TokenUsage(input ?? throw json.Missing("input"), cached ?? throw json.Missing("cached"), output ?? throw json.Missing("output"), json.Number(reasoning, "reasoning"));
    }

    private static ModalityTokens Modalities(ref CheckpointCursor json)
    {
        Slot text = default, audio = default, image = default;
        bool more = json.BeginObject();
        while (more)
        {
            Slot name = json.Name();
            if (json.Is(name, "text"u8))
            {
                json.ReadInteger(ref text);
            }
            else if (json.Is(name, "audio"u8))
            {
                json.ReadInteger(ref audio);
            }
            else if (json.Is(name, "image"u8))
            {
                json.ReadInteger(ref image);
            }
            else
            {
                throw json.Unknown(name);
            }

            more = json.NextMember();
        }

        return new ModalityTokens(json.Number(text, "text"), json.Number(audio, "audio"), json.Number(image, "image"));
    }
}
