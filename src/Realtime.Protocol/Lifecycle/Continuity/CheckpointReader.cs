using System.Collections.Immutable;
using Realtime.Protocol.Views;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Reads a checkpoint, strictly: an unknown member, a missing one, one that comes twice and a word that is none are refused, because a session that goes on from half of what was said would be worse than
/// one that begins anew.
/// </summary>
internal static class CheckpointReader
{
    public static SessionCheckpoint Read(ReadOnlySpan<byte> json)
    {
        ThrowUnlessOurs(json);
        var cursor = new CheckpointCursor(json);
        SessionCheckpoint checkpoint = Document(ref cursor);
        cursor.End();
        return checkpoint;
    }

    /// <summary>Whose the bytes are and which version wrote them comes first: everything else means something only then.</summary>
    private static void ThrowUnlessOurs(ReadOnlySpan<byte> bytes)
    {
        var json = new CheckpointCursor(bytes);
        if (json.Peek() != (byte)'{')
        {
            throw json.Fault(CheckpointFault.Foreign, json.Position, "it is no JSON object");
        }

        bool more = json.BeginObject();
        while (more)
        {
            if (!json.Is(json.Name(), "realtime_checkpoint"u8))
            {
                json.Skip();
                more = json.NextMember();
                continue;
            }

            int at = json.Position;
            Slot version = default;
            json.ReadInteger(ref version);
            switch (FieldReader.OptionalInteger(bytes, version).Value)
            {
                case CheckpointWords.Version:
                    return;
                case > CheckpointWords.Version:
                    throw json.Fault(CheckpointFault.Newer, at, $"it is of a newer version than {CheckpointWords.Version}, which is the newest that this library reads");
                default:
                    throw json.Fault(CheckpointFault.Damaged, at, "there was never a version with this number");
            }
        }

        throw json.Fault(CheckpointFault.Foreign, 0, "it does not say that it is a checkpoint");
    }

    private static SessionCheckpoint Document(ref CheckpointCursor json)
    {
        Slot version = default, kind = default, session = default, lastTurn = default, configuration = default;
        bool hasUsage = false, hasItems = false, hasQuestions = false, hasSecrets = false;
        SessionUsage? usage = null;
        ImmutableArray<CheckpointEntry> items = [];
        ImmutableArray<OpenQuestion> questions = [];
        ImmutableArray<string> secrets = [];
        bool more = json.BeginObject();
        while (more)
        {
            Slot name = json.Name();
            if (json.Is(name, "realtime_checkpoint"u8))
            {
                json.ReadInteger(ref version);
            }
            else if (json.Is(name, "kind"u8))
            {
                json.ReadText(ref kind);
            }
            else if (json.Is(name, "session"u8))
            {
                json.ReadText(ref session);
            }
            else if (json.Is(name, "last_turn"u8))
            {
                json.ReadInteger(ref lastTurn);
            }
            else if (json.Is(name, "configuration"u8))
            {
                json.ReadView<SessionView>(ref configuration);
            }
            else if (json.Is(name, "left_out"u8))
            {
                json.Once(ref hasSecrets, name);
                secrets = json.Texts();
            }
            else if (json.Is(name, "usage"u8))
            {
                json.Once(ref hasUsage, name);
                usage = CheckpointUsage.Read(ref json);
            }
            else if (json.Is(name, "items"u8))
            {
                json.Once(ref hasItems, name);
                items = CheckpointItems.Read(ref json);
            }
            else if (json.Is(name, "questions"u8))
            {
                json.Once(ref hasQuestions, name);
                questions = CheckpointQuestions.Read(ref json);
            }
            else
            {
                throw json.Unknown(name);
            }

            more = json.NextMember();
        }

        return new SessionCheckpoint
        {
            Purpose = json.Word(CheckpointWords.Kinds, kind, "kind"),
            SessionId = json.OrNull(session),
            LastTurn = json.Count(lastTurn, "last_turn"),
            Configuration = json.Raw(configuration),
            Secrets = secrets,
            Usage = usage ?? throw json.Missing("usage"),
            Entries = hasItems ? items : throw json.Missing("items"),
            Open = hasQuestions ? questions : throw json.Missing("questions"),
        };
    }
}
