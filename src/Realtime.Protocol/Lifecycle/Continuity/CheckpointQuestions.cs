using System.Collections.Immutable;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>Reads the questions that were open when a checkpoint was taken: of each its turn, whether it had been sent, and what was asked for.</summary>
internal static class CheckpointQuestions
{
    public static ImmutableArray<OpenQuestion> Read(ref CheckpointCursor json)
    {
        ImmutableArray<OpenQuestion>.Builder questions = ImmutableArray.CreateBuilder<OpenQuestion>();
        bool more = json.BeginArray();
        while (more)
        {
            questions.Add(Question(ref json));
            more = json.NextElement();
        }

        return questions.DrainToImmutable();
    }

    private static OpenQuestion Question(ref CheckpointCursor json)
    {
        Slot turn = default, sent = default, request = default;
        bool more = json.BeginObject();
        while (more)
        {
            Slot name = json.Name();
            if (json.Is(name, "turn"u8))
            {
                json.ReadInteger(ref turn);
            }
            else if (json.Is(name, "sent"u8))
            {
                json.ReadBoolean(ref sent);
            }
            else if (json.Is(name, "request"u8))
            {
                json.ReadView<ResponseParametersView>(ref request);
            }
            else
            {
                throw json.Unknown(name);
            }

            more = json.NextMember();
        }

        return new OpenQuestion(json.Count(turn, "turn"), sent.Occurs ? json.IsTrue(sent) : throw json.Missing("sent"), json.Raw(request));
    }
}
