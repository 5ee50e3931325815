using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The reading of an event that may be any of one direction: its kind first, then fast paths, then the reader of its members.</summary>
internal static class EventReadCode
{
    public static string Methods(EventListModel list, string name)
    {
        EventModel[] hot = [.. list.Events.Where(static model => model.IsHot)];
        EventModel? guess = hot.FirstOrDefault(static model => model.HasAudio);
        return Paragraphs(
            TryRead(name),
            TryReadSearched(name, hasGuess: guess is not null),
            TryReadAs(name, hasHot: hot.Length > 0),
            If(hot.Length > 0, TryReadFlat(hot, name)),
            TryReadMembers(list, name),
            guess is null ? "" : TryReadGuessed(guess, name),
            TryReadMended(name));
    }

    private static string TryRead(string name) => Of($$"""
        /// <summary>Reads one event and leaves its audio encoded. Without state, and with no limit of size but that of any reader, 512 MiB: a connection uses a reader.</summary>
        /// <remarks>False changes nothing and says in the error what is wrong with the message.</remarks>
        public static bool TryRead(ReadOnlySpan<byte> message, [Borrowed(FromArgumentsOnly = true)] out {{name}} value, out ReadError error) => TryRead(message, default, strict: false, out value, out error);

        /// <summary>The same, with audio decoded. Strict: without any fast path, which is the definition that they are compared with.</summary>
        internal static bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, bool strict, out {{name}} value, out ReadError error, Wire.NestedTable? nested = null)
        {
            if (message.Length > Wire.EventHeader.LargestMessageBytes)
            {
                value = default;
                error = Wire.EventHeader.TooLarge(Wire.EventHeader.LargestMessageBytes);
                return false;
            }

            return !strict && Wire.EventHeader.TryFindFirstType(message, out Wire.Slot type)
                ? TryReadAs({{name}}Kinds.Parse(message, type), message, audioDestination, strict: false, nested, out value, out error)
                : TryReadSearched(message, audioDestination, strict, nested, out value, out error);
        }
        """);

    /// <summary>A long message that does not begin with its type is most likely audio: reading it as that saves going over it twice.</summary>
    private static string TryReadSearched(string name, bool hasGuess) => Of($$"""
        /// <summary>The slower path: the type is not what the message begins with.</summary>
        private static bool TryReadSearched(ReadOnlySpan<byte> message, Span<byte> audioDestination, bool strict, Wire.NestedTable? nested, out {{name}} value, out ReadError error)
        {
            {{If(hasGuess, """
                if (!strict && Wire.EventHeader.IsLongWithTypeBehind(message) && TryReadGuessed(message, audioDestination, out value))
                {
                    error = default;
                    return true;
                }

                """)}}
            if (!Wire.EventHeader.TryFindType<MemberNames>(message, out Wire.Slot type, out error))
            {
                value = default;
                return false;
            }

            return TryReadAs({{name}}Kinds.Parse(message, type), message, audioDestination, strict, nested, out value, out error);
        }
        """);

    private static string TryReadAs(string name, bool hasHot) => Of($$"""
        /// <summary>Reads an event whose kind is known.</summary>
        private static bool TryReadAs({{name}}Kind kind, ReadOnlySpan<byte> message, Span<byte> audioDestination, bool strict, Wire.NestedTable? nested, out {{name}} value, out ReadError error)
        {
            {{If(hasHot, Of($$"""
                {{name}}Slots slots = default;
                if (!strict && TryReadFlat(kind, message, audioDestination, slots, out int decoded))
                {
                    error = default;
                    {{Lay("kind")}}
                    return true;
                }

                """))}}
            return TryReadMembers(kind, message, audioDestination, strict, nested, original: null, out value, out error);
        }
        """);

    private static string TryReadFlat(EventModel[] hot, string name)
    {
        EventModel[] audio = [.. hot.Where(static model => model.HasAudio)];
        EventModel[] text = [.. hot.Where(static model => !model.HasAudio)];
        return Of($$"""
            /// <summary>The fast path of events that come many times a second: nothing unusual in the message. False leaves the slots absent.</summary>
            private static bool TryReadFlat({{name}}Kind kind, ReadOnlySpan<byte> message, Span<byte> audioDestination, scoped Span<Wire.Slot> slots, out int decoded)
            {
                decoded = -1;
                bool read = kind switch
                {
                    {{Lines(audio.Select(model => $"{name}Kind.{model.Name} => !audioDestination.IsEmpty && Wire.FlatReader.TryRead<{model.Name}View>(message, audioDestination, slots, out decoded),"))}}
                    _ => {{(text.Length > 0 ? "TryReadFlatText(kind, message, slots)" : "false")}},
                };
                if (!read)
                {
                    slots.Clear();
                    decoded = -1;
                }

                return read;
            }

            {{If(text.Length > 0, Of($$"""
                /// <summary>The same for events without audio. A method of its own: the first sound should not wait until it is compiled.</summary>
                private static bool TryReadFlatText({{name}}Kind kind, ReadOnlySpan<byte> message, scoped Span<Wire.Slot> slots) => kind switch
                {
                    {{Lines(text.Select(model => $"{name}Kind.{model.Name} => Wire.FlatReader.TryRead<{model.Name}View>(message, default, slots, out _),"))}}
                    _ => false,
                };
                """))}}
            """).TrimEnd('\n');
    }

    private static string TryReadMembers(EventListModel list, string name) => Of($$"""
        /// <summary>The reader of every kind. A method of its own: compiling it loads all views, and the first sound should not wait for that.</summary>
        private static bool TryReadMembers({{name}}Kind kind, ReadOnlySpan<byte> message, Span<byte> audioDestination, bool strict, Wire.NestedTable? nested, Wire.OriginalMessage? original, out {{name}} value, out ReadError error)
        {
            {{name}}Slots slots = default;
            int decoded = -1;
            nested?.Begin();
            var json = new Wire.JsonCursor(message) { IsStrict = strict, Forgives = original is not null, Nested = nested };
            bool read = kind switch
            {
                {{Lines(list.Events.Select(model => $"{name}Kind.{model.Name} => {model.Name}View.TryRead(ref json, slots{If(model.HasAudio, ", audioDestination, out decoded")}),"))}}
                _ => Wire.EventHeader.TryReadUnknown(ref json, slots),
            };
            if (!read || !json.End())
            {
                value = default;
                error = json.ErrorNaming<MemberNames>();
                return false;
            }

            error = default;
            {{Lay("kind", "original, nested?.Members ?? default")}}
            return true;
        }
        """);

    /// <summary>The tolerant way, which begins where the strict one ended: after a refusal.</summary>
    private static string TryReadMended(string name) => Of($$"""
        /// <summary>Reads a message that was refused, with whatever is odd in it blanked. False leaves the error as it is: what is wrong is more than a form.</summary>
        internal static bool TryReadMended(ReadOnlySpan<byte> message, Span<byte> audioDestination, Wire.MessageMender mender, out {{name}} value, scoped ref ReadError error)
        {
            value = default;
            if (!mender.TryBegin(message, in error))
            {
                return false;
            }

            ReadError odd;
            do
            {
                if (Wire.EventHeader.TryFindType<MemberNames>(mender.Text, out Wire.Slot type, out odd)
                    && mender.IsTypeAsSent(type)
                    && TryReadMembers({{name}}Kinds.Parse(mender.Text, type), mender.Text, audioDestination, strict: true, nested: null, mender, out value, out odd))
                {
                    error = default;
                    return true;
                }
            }
            while (mender.TryForget(in odd));

            value = default;
            return false;
        }
        """);

    private static string TryReadGuessed(EventModel guess, string name) => Of($$"""
        /// <summary>Reads the message as a <c>{{guess.WireName}}</c> and looks at its type afterwards. False says only that this guess was wrong.</summary>
        private static bool TryReadGuessed(ReadOnlySpan<byte> message, Span<byte> audioDestination, out {{name}} value)
        {
            {{name}}Slots slots = default;
            if (!TryReadFlat({{name}}Kind.{{guess.Name}}, message, audioDestination, slots, out int decoded))
            {
                var json = new Wire.JsonCursor(message);
                if (!{{guess.Name}}View.TryRead(ref json, slots, audioDestination, out decoded) || !json.End())
                {
                    value = default;
                    return false;
                }
            }

            if ({{name}}Kinds.Parse(message, slots[{{name}}Slots.Type]) != {{name}}Kind.{{guess.Name}})
            {
                value = default;
                return false;
            }

            {{Lay($"{name}Kind.{guess.Name}")}}
            return true;
        }
        """);

    private static string Lay(string kind, string original = "original: null") =>
        $"Lay(out value, {kind}, message, in slots, decoded > 0 ? audioDestination[..decoded] : default, decoded >= 0, sameItem: false, {original});";
}
