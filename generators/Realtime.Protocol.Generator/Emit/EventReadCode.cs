using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The reading of an event that may be any of one direction: its kind first, then fast paths, then the reader of its members.</summary>
internal static class EventReadCode
{
    public static void Emit(CodeWriter code, EventListModel list, string name)
    {
        code.Line()
            .Summary("Reads one event and leaves its audio encoded. Without state, and with no limit of size but that of any reader, 512 MiB: a connection uses a reader.")
            .Remarks("False changes nothing and says in the error what is wrong with the message.")
            .Line($"public static bool TryRead({Bytes} message, out {name} value, out {Api}ReadError error) => TryRead(message, default, strict: false, out value, out error);")
            .Line()
            .Summary("The same, with audio decoded. Strict: without any fast path, which is the definition that they are compared with.")
            .Open($"internal static bool TryRead({Bytes} message, global::System.Span<byte> audioDestination, bool strict, out {name} value, out {Api}ReadError error)");
        code.Open($"if (message.Length > {Wire}EventHeader.LargestMessageBytes)")
            .Line("value = default;")
            .Line($"error = {Wire}EventHeader.TooLarge({Wire}EventHeader.LargestMessageBytes);")
            .Line("return false;")
            .Close()
            .Line();
        code.Line($"return !strict && {Wire}EventHeader.TryFindFirstType(message, out {Wire}Slot type)")
            .Line($"    ? TryReadAs({name}Kinds.Parse(message, type), message, audioDestination, strict: false, out value, out error)")
            .Line("    : TryReadSearched(message, audioDestination, strict, out value, out error);")
            .Close();
        EmitTryReadSearched(code, list, name);
        EmitTryReadAs(code, list, name);
        EmitTryReadMembers(code, list, name);
        EmitTryReadGuessed(code, list, name);
        EmitTryReadMended(code, name);
    }

    private static void EmitTryReadSearched(CodeWriter code, EventListModel list, string name)
    {
        code.Line()
            .Summary("The slower path: the type is not what the message begins with.")
            .Open($"private static bool TryReadSearched({Bytes} message, global::System.Span<byte> audioDestination, bool strict, out {name} value, out {Api}ReadError error)");
        EmitGuess(code, list, name);
        code.Open($"if (!{Wire}EventHeader.TryFindType<MemberNames>(message, out {Wire}Slot type, out error))")
            .Line("value = default;")
            .Line("return false;")
            .Close()
            .Line()
            .Line($"return TryReadAs({name}Kinds.Parse(message, type), message, audioDestination, strict, out value, out error);")
            .Close();
    }

    private static void EmitTryReadAs(CodeWriter code, EventListModel list, string name)
    {
        code.Line()
            .Summary("Reads an event whose kind is known.")
            .Open($"private static bool TryReadAs({name}Kind kind, {Bytes} message, global::System.Span<byte> audioDestination, bool strict, out {name} value, out {Api}ReadError error)");
        bool hasHot = list.Events.Any(static model => model.IsHot);
        if (hasHot)
        {
            code.Line($"{name}Slots slots = default;")
                .Open("if (!strict && TryReadFlat(kind, message, audioDestination, slots, out int decoded))")
                .Line("error = default;")
                .Line(Lay("kind"))
                .Line("return true;")
                .Close()
                .Line();
        }

        code.Line("return TryReadMembers(kind, message, audioDestination, strict, original: null, out value, out error);").Close();
        if (hasHot)
        {
            EmitTryReadFlat(code, list, name);
        }
    }

    private static void EmitTryReadFlat(CodeWriter code, EventListModel list, string name)
    {
        EventModel[] audio = [.. list.Events.Where(static model => model is { IsHot: true, HasAudio: true })];
        EventModel[] text = [.. list.Events.Where(static model => model is { IsHot: true, HasAudio: false })];
        code.Line()
            .Summary("The fast path of events that come many times a second: nothing unusual in the message. False leaves the slots absent.")
            .Open($"private static bool TryReadFlat({name}Kind kind, {Bytes} message, global::System.Span<byte> audioDestination, scoped global::System.Span<{Wire}Slot> slots, out int decoded)")
            .Line("decoded = -1;")
            .Open("bool read = kind switch");
        foreach (EventModel model in audio)
        {
            code.Line($"{name}Kind.{model.Name} => !audioDestination.IsEmpty && {Wire}FlatReader.TryRead<{model.Name}View>(message, audioDestination, slots, out decoded),");
        }

        code.Line(text.Length > 0 ? "_ => TryReadFlatText(kind, message, slots)," : "_ => false,").Close(";")
            .Open("if (!read)")
            .Line("slots.Clear();")
            .Line("decoded = -1;")
            .Close()
            .Line()
            .Line("return read;")
            .Close();
        if (text.Length > 0)
        {
            code.Line()
                .Summary("The same for events without audio. A method of its own: the first sound should not wait until it is compiled.")
                .Open($"private static bool TryReadFlatText({name}Kind kind, {Bytes} message, scoped global::System.Span<{Wire}Slot> slots) => kind switch");
            foreach (EventModel model in text)
            {
                code.Line($"{name}Kind.{model.Name} => {Wire}FlatReader.TryRead<{model.Name}View>(message, default, slots, out _),");
            }

            code.Line("_ => false,").Close(";");
        }
    }

    private static void EmitTryReadMembers(CodeWriter code, EventListModel list, string name)
    {
        code.Line()
            .Summary("The reader of every kind. A method of its own: all views are loaded when it is compiled, for which the first sound should not wait.")
            .Open($"private static bool TryReadMembers({name}Kind kind, {Bytes} message, global::System.Span<byte> audioDestination, bool strict, {Wire}OriginalMessage? original, out {name} value, out {Api}ReadError error)")
            .Line($"{name}Slots slots = default;")
            .Line("int decoded = -1;")
            .Line($"var json = new {Wire}JsonCursor(message) {{ IsStrict = strict, Forgives = original is not null }};")
            .Open("bool read = kind switch");
        foreach (EventModel model in list.Events)
        {
            string audio = model.HasAudio ? ", audioDestination, out decoded" : "";
            code.Line($"{name}Kind.{model.Name} => {model.Name}View.TryRead(ref json, slots{audio}),");
        }

        code.Line($"_ => {Wire}EventHeader.TryReadUnknown(ref json, slots),")
            .Close(";")
            .Open("if (!read || !json.End())")
            .Line("value = default;")
            .Line("error = json.ErrorNaming<MemberNames>();")
            .Line("return false;")
            .Close()
            .Line()
            .Line("error = default;")
            .Line(Lay("kind", "original"))
            .Line("return true;")
            .Close();
    }

    /// <summary>The tolerant way, which begins where the strict one ended: after a refusal.</summary>
    private static void EmitTryReadMended(CodeWriter code, string name) =>
        code.Line()
            .Summary("Reads a message that was refused, with whatever is odd in it blanked. False leaves the error as it is: what is wrong is more than a form.")
            .Open($"internal static bool TryReadMended({Bytes} message, global::System.Span<byte> audioDestination, {Wire}MessageMender mender, out {name} value, scoped ref {Api}ReadError error)")
            .Line("value = default;")
            .Open("if (!mender.TryBegin(message, in error))")
            .Line("return false;")
            .Close()
            .Line()
            .Line($"{Api}ReadError odd;")
            .Open("do")
            .Line($"if ({Wire}EventHeader.TryFindType<MemberNames>(mender.Text, out {Wire}Slot type, out odd)")
            .Line("    && mender.IsTypeAsSent(type)")
            .Line($"    && TryReadMembers({name}Kinds.Parse(mender.Text, type), mender.Text, audioDestination, strict: true, mender, out value, out odd))")
            .OpenBlock()
            .Line("error = default;")
            .Line("return true;")
            .Close()
            .Close()
            .Line("while (mender.TryForget(in odd));")
            .Line()
            .Line("value = default;")
            .Line("return false;")
            .Close();

    /// <summary>A long message that does not begin with its type is most likely audio: reading it as that saves going over it twice.</summary>
    private static void EmitGuess(CodeWriter code, EventListModel list, string name)
    {
        if (Guess(list) is not null)
        {
            code.Open($"if (!strict && {Wire}EventHeader.IsLongWithTypeBehind(message) && TryReadGuessed(message, audioDestination, out value))")
                .Line("error = default;")
                .Line("return true;")
                .Close()
                .Line();
        }
    }

    private static void EmitTryReadGuessed(CodeWriter code, EventListModel list, string name)
    {
        if (Guess(list) is not { } guess)
        {
            return;
        }

        code.Line()
            .SummaryXml($"Reads the message as a <c>{guess.WireName}</c> and looks at its type afterwards. False says only that this guess was wrong.")
            .Open($"private static bool TryReadGuessed({Bytes} message, global::System.Span<byte> audioDestination, out {name} value)")
            .Line($"{name}Slots slots = default;")
            .Open($"if (!TryReadFlat({name}Kind.{guess.Name}, message, audioDestination, slots, out int decoded))")
            .Line($"var json = new {Wire}JsonCursor(message);")
            .Open($"if (!{guess.Name}View.TryRead(ref json, slots, audioDestination, out decoded) || !json.End())")
            .Line("value = default;")
            .Line("return false;")
            .Close()
            .Close()
            .Line()
            .Open($"if ({name}Kinds.Parse(message, slots[0]) != {name}Kind.{guess.Name})")
            .Line("value = default;")
            .Line("return false;")
            .Close()
            .Line()
            .Line(Lay($"{name}Kind.{guess.Name}"))
            .Line("return true;")
            .Close();
    }

    private static EventModel? Guess(EventListModel list) => list.Events.FirstOrDefault(static model => model is { HasAudio: true, IsHot: true });

    private static string Lay(string kind, string original = "original: null") =>
        $"Lay(out value, {kind}, message, in slots, decoded > 0 ? audioDestination[..decoded] : default, decoded >= 0, sameItem: false, {original});";
}
