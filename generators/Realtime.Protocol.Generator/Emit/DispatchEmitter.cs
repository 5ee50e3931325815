using System.Linq;
using System.Text;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>What all events of one direction share: the kinds, the event that may be any of them, its reader, and its copy to keep.</summary>
internal static class DispatchEmitter
{
    /// <summary>The class that every event adds its writer to.</summary>
    public static string EmitWriter(EventWriterModel writer) =>
        Begin(writer.Family, $"all files of {writer.Folders}")
            .Summary("Writes events, of client and server alike, into a buffer, a pipe or any other writer of bytes.")
            .Open("public static partial class EventWriter")
            .Close()
            .ToString();

    public static string EmitKinds(EventListModel list)
    {
        string kind = list.Role + "EventKind";
        CodeWriter code = Begin(list.Family, Source(list));
        code.Summary($"The events that a {Sender(list)} sends. The numbers are permanent: they are compiled into programs.")
            .Line(Attribute)
            .Open($"public enum {kind} : ushort")
            .Summary("An event that is not known today; its JSON is there all the same.")
            .Line("Unknown = 0,");
        foreach (EventModel model in list.Events)
        {
            code.Line().Summary($"`{model.WireName}`: {model.Description}").Line($"{model.Name} = {model.Number},");
        }

        code.Close()
            .Line()
            .Summary("Finds the kind of an event by its name on the wire: length first, then one comparison.")
            .Line(Attribute)
            .Open($"internal static class {kind}s")
            .Open($"public static {kind} Parse({Bytes} message, {Wire}Slot type)")
            .Line($"{Bytes} name = type.In(message);")
            .Open("if (!type.IsEscaped)")
            .Line("return Parse(name);")
            .Close()
            .Line()
            .Line($"global::System.Span<byte> decoded = stackalloc byte[{list.Events.Max(static model => Encoding.UTF8.GetByteCount(model.WireName))}];")
            .Line($"return {Wire}JsonEscapes.TryDecodeName(name, decoded, out int length) ? Parse(decoded[..length]) : {kind}.Unknown;")
            .Close()
            .Line()
            .Open($"private static {kind} Parse({Bytes} name)");
        EventModel[] hot = [.. list.Events.Where(static model => model.IsHot)];
        EventModel[] seldom = [.. list.Events.Where(static model => !model.IsHot)];
        if (hot.Length == 0)
        {
            EmitKindSwitch(code, kind, seldom, $"{kind}.Unknown");
        }
        else
        {
            code.Line("// Those that come many times a second. The others have a method of their own, which is compiled when one of them comes.");
            EmitKindSwitch(code, kind, hot, "ParseSeldom(name)");
            code.Close().Line().Open($"private static {kind} ParseSeldom({Bytes} name)");
            EmitKindSwitch(code, kind, seldom, $"{kind}.Unknown");
        }

        return code.Close()
            .Line()
            .Summary("True for events that come many times a second.")
            .Line($"public static bool IsHot({kind} kind) => {(hot.Length == 0 ? "false" : "kind is " + string.Join(" or ", hot.Select(model => $"{kind}.{model.Name}")))};")
            .Close()
            .ToString();
    }

    private static void EmitKindSwitch(CodeWriter code, string kind, EventModel[] events, string otherwise)
    {
        code.Open("switch (name.Length)");
        foreach (IGrouping<int, EventModel> group in events.GroupBy(static model => Encoding.UTF8.GetByteCount(model.WireName)).OrderBy(static group => group.Key))
        {
            foreach (EventModel model in group)
            {
                code.Case(group.Key, "name", model.WireName, $"return {kind}.{model.Name};");
            }
        }

        code.Line("default:").Line($"    return {otherwise};").Close();
    }

    public static string EmitEvent(EventListModel list)
    {
        string name = list.Role + "Event";
        CodeWriter code = Begin(list.Family, Source(list));
        code.Summary($"Any event that a {Sender(list)} sends, read and checked as a whole, so that no getter can fail.")
            .Remarks("A view: valid as long as the message's buffer is, and its audio as long as the reader's destination is. Keep a copy with `ToOwned`.")
            .Line(Attribute)
            .Open($"public ref struct {name}")
            .Line($"private {Bytes} _json;")
            .Line($"private {Bytes} _audio;")
            .Line("private bool _isDecoded;")
            .Line($"private {Wire}SegmentedMessage? _pieces;")
            .Line($"private {name}Slots _slots;")
            .Line()
            .Line("/// <summary>Makes an event where it is wanted: a constructor would make it elsewhere and copy it, which costs as much as a compare of the message.</summary>")
            .Open($"internal static void Lay(out {name} value, {name}Kind kind, {Bytes} json, scoped in {name}Slots slots, {Bytes} audio, bool isDecoded, bool sameItem, {Wire}SegmentedMessage? pieces)")
            .Line("global::System.Runtime.CompilerServices.Unsafe.SkipInit(out value);")
            .Line("value.Kind = kind;")
            .Line("value.SameItemAsPrevious = sameItem;")
            .Line("value._json = json;")
            .Line("value._slots = slots;")
            .Line("value._audio = audio;")
            .Line("value._isDecoded = isDecoded;")
            .Line("value._pieces = pieces;")
            .Close()
            .Line()
            .Line("/// <summary>Where the members lie.</summary>")
            .Line("[global::System.Diagnostics.CodeAnalysis.UnscopedRef]")
            .Line($"internal readonly global::System.ReadOnlySpan<{Wire}Slot> Slots => _slots;")
            .Line()
            .Summary("Which event this is; `Unknown` for one that is not known today.")
            .Line($"public {name}Kind Kind {{ readonly get; private set; }}")
            .Line()
            .Summary("True when the reader has seen that this event differs from its previous one of this kind in payload and event id only: response, item and indices are the same. False says nothing.")
            .Line("public bool SameItemAsPrevious { readonly get; private set; }")
            .Line()
            .Summary("The event's name on the wire.")
            .Line($"public readonly {Api}TextView TypeText => new(_json, _slots[0]);")
            .Line()
            .Summary("The id of this event; absent where the sender gave none.")
            .Line($"public readonly {Api}TextView EventId => new(_json, _slots[1]);")
            .Line()
            .Summary("The whole event as it stands in the message.")
            .Line($"public readonly {Bytes} Json => _pieces is null ? _json : _pieces.Whole;")
            .Line()
            .Summary("The audio of this event when the reader decoded it; empty otherwise.")
            .Line($"[{Api}RawAudio]")
            .Line($"public readonly {Bytes} Audio => _audio;");
        EmitTryRead(code, list);
        EmitTryGets(code, list, name);
        code.Line()
            .Summary("Writes the event as it stands in the message, unknown members included.");
        if (list.Events.Any(static model => model.IsSequenced))
        {
            code.Line($"[{Api}Sequenced]");
        }

        code.Line($"public readonly void WriteTo({Output} output) => global::System.Buffers.BuffersExtensions.Write(output, Json);");
        EmitVisit(code, list, name);
        code.Line()
            .Summary("A copy to keep: the one method here that allocates.")
            .Open($"public readonly Owned{name} ToOwned()")
            .Line($"{name}Slots slots = _slots;")
            .Line("_pieces?.Lengthen(slots);")
            .Line("return new(Kind, Json, in slots, _audio, _isDecoded);")
            .Close()
            .Close()
            .Line();
        EmitOwned(code, list, name);
        code.Line();
        EmitReader(code, list, name);
        code.Line()
            .Summary("Where the members of an event lie; the type comes first, the event's id second.")
            .Line(Attribute)
            .Line($"[global::System.Runtime.CompilerServices.InlineArray({list.Events.Max(static model => model.MemberCount)})]")
            .Open($"internal struct {name}Slots")
            .Line($"private {Wire}Slot _first;")
            .Line()
            .Line("/// <summary>As many slots, where they are. Checked: fewer are an error.</summary>")
            .Line($"public static ref readonly {name}Slots Of(global::System.ReadOnlySpan<{Wire}Slot> slots) =>")
            .Line($"    ref global::System.Runtime.InteropServices.MemoryMarshal.AsRef<{name}Slots>(global::System.Runtime.InteropServices.MemoryMarshal.AsBytes(slots));")
            .Close();
        return code.ToString();
    }

    private static void EmitTryRead(CodeWriter code, EventListModel list)
    {
        string name = list.Role + "Event";
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
        code.Open($"if (strict || !{Wire}EventHeader.TryFindFirstType(message, out {Wire}Slot type))");
        EmitGuess(code, list, name);
        code.Open($"if (!{Wire}EventHeader.TryFindType<MemberNames>(message, out type, out error))")
            .Line("value = default;")
            .Line("return false;")
            .Close()
            .Close()
            .Line()
            .Line($"{name}Kind kind = {name}Kinds.Parse(message, type);");
        bool hasHot = list.Events.Any(static model => model.IsHot);
        if (hasHot)
        {
            code.Line($"{name}Slots slots = default;")
                .Open("if (!strict && TryReadFlat(kind, message, audioDestination, slots, out int decoded))")
                .Line("error = default;")
                .Line("Lay(out value, kind, message, in slots, decoded > 0 ? audioDestination[..decoded] : default, decoded >= 0, sameItem: false, pieces: null);")
                .Line("return true;")
                .Close()
                .Line();
        }

        code.Line("return TryReadMembers(kind, message, audioDestination, strict, out value, out error);").Close();
        if (hasHot)
        {
            EmitTryReadFlat(code, list, name);
        }

        EmitTryReadMembers(code, list, name);
        EmitTryReadGuessed(code, list, name);
    }

    private static void EmitTryReadFlat(CodeWriter code, EventListModel list, string name)
    {
        code.Line()
            .Summary("The fast path of events that come many times a second: nothing unusual in the message. False leaves the slots absent.")
            .Open($"private static bool TryReadFlat({name}Kind kind, {Bytes} message, global::System.Span<byte> audioDestination, scoped global::System.Span<{Wire}Slot> slots, out int decoded)")
            .Line("decoded = -1;")
            .Open("bool read = kind switch");
        foreach (EventModel model in list.Events.Where(static model => model.IsHot))
        {
            string flat = $"{Wire}FlatReader.TryRead<{model.Name}View>(message, {(model.HasAudio ? "audioDestination" : "default")}, slots, out decoded)";
            code.Line($"{name}Kind.{model.Name} => {(model.HasAudio ? "!audioDestination.IsEmpty && " : "")}{flat},");
        }

        code.Line("_ => false,").Close(";")
            .Open("if (!read)")
            .Line("slots.Clear();")
            .Line("decoded = -1;")
            .Close()
            .Line()
            .Line("return read;")
            .Close();
    }

    private static void EmitTryReadMembers(CodeWriter code, EventListModel list, string name)
    {
        code.Line()
            .Summary("The reader of every kind. A method of its own: all views are loaded when it is compiled, for which the first sound should not wait.")
            .Open($"private static bool TryReadMembers({name}Kind kind, {Bytes} message, global::System.Span<byte> audioDestination, bool strict, out {name} value, out {Api}ReadError error)")
            .Line($"{name}Slots slots = default;")
            .Line("int decoded = -1;")
            .Line($"var json = new {Wire}JsonCursor(message) {{ IsStrict = strict }};")
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
            .Line("Lay(out value, kind, message, in slots, decoded > 0 ? audioDestination[..decoded] : default, decoded >= 0, sameItem: false, pieces: null);")
            .Line("return true;")
            .Close();
    }

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
            .Line($"Lay(out value, {name}Kind.{guess.Name}, message, in slots, decoded > 0 ? audioDestination[..decoded] : default, decoded >= 0, sameItem: false, pieces: null);")
            .Line("return true;")
            .Close();
    }

    private static EventModel? Guess(EventListModel list) => list.Events.FirstOrDefault(static model => model is { HasAudio: true, IsHot: true });

    private static void EmitTryGets(CodeWriter code, EventListModel list, string name)
    {
        foreach (EventModel model in list.Events)
        {
            string audio = model.HasAudio ? ", _audio, _isDecoded, _pieces" : "";
            code.Line()
                .SummaryXml($"The view of a <c>{model.WireName}</c>. False, with an empty view, when <see cref=\"Kind\"/> is another one.")
                .Open($"public readonly bool TryGet{model.Name}(out {model.Name}View view)")
                .Open($"if (Kind != {name}Kind.{model.Name})")
                .Line("view = default;")
                .Line("return false;")
                .Close()
                .Line()
                .Line($"{model.Name}View.Lay(out view, _json, in _slots{audio});")
                .Line("return true;")
                .Close();
        }
    }

    private static void EmitVisit(CodeWriter code, EventListModel list, string name)
    {
        code.Line()
            .Summary("Hands the event to a visitor as the struct that one writes. False for an event that is not known today. Allocates.")
            .Line("public readonly bool TryVisit<TVisitor>(scoped ref TVisitor visitor)")
            .Line($"    where TVisitor : struct, {Wire}IEventVisitor, allows ref struct")
            .OpenBlock()
            .Open("switch (Kind)");
        foreach (EventModel model in list.Events)
        {
            string audio = model.HasAudio ? ", _audio, _isDecoded, _pieces" : "";
            code.Line($"case {name}Kind.{model.Name}:")
                .Line($"    {model.Name}View.Lay(out {model.Name}View {Camel(model.Name)}, _json, in _slots{audio});")
                .Line($"    visitor.Visit({Camel(model.Name)}.ToWritable());")
                .Line("    return true;");
        }

        code.Line("default:").Line("    return false;").Close().Close();
    }

    private static void EmitOwned(CodeWriter code, EventListModel list, string name) =>
        code.Summary($"A copy of an event that a {Sender(list)} sent, safe to keep and to pass between threads.")
            .Line(Attribute)
            .Open($"public sealed class Owned{name}")
            .Line("private readonly byte[] _json;")
            .Line("private readonly byte[] _audio;")
            .Line("private readonly bool _isDecoded;")
            .Line($"private readonly {name}Slots _slots;")
            .Line()
            .Open($"internal Owned{name}({name}Kind kind, {Bytes} json, scoped in {name}Slots slots, {Bytes} audio, bool isDecoded)")
            .Line("Kind = kind;")
            .Line("_json = json.ToArray();")
            .Line("_audio = audio.ToArray();")
            .Line("_isDecoded = isDecoded;")
            .Line("_slots = slots;")
            .Close()
            .Line()
            .Summary("Which event this is.")
            .Line($"public {name}Kind Kind {{ get; }}")
            .Line()
            .Summary("The event, with the same views as the original.")
            .Open($"public {name} View")
            .Open("get")
            .Line($"{name}.Lay(out {name} view, Kind, _json, in _slots, _audio, _isDecoded, sameItem: false, pieces: null);")
            .Line("return view;")
            .Close()
            .Close()
            .Line()
            .Summary("The event's kind; its content may be private speech.")
            .Line("public override string ToString() => Kind.ToString();")
            .Close();

    private static void EmitReader(CodeWriter code, EventListModel list, string name)
    {
        code.Summary($"Reads the messages that a {Sender(list)} sends over one connection. Not for several threads at once.")
            .Line(Attribute)
            .Open($"public sealed class {name}Reader")
            .Line("private readonly int _maxMessageBytes;")
            .Line($"private readonly {Wire}ShapeMemory _shapes = new();")
            .Line($"private {Wire}SegmentedMessage? _pieces;")
            .Line("private byte[] _joined = [];")
            .Line()
            .Summary("A reader for one connection.")
            .Line("/// <param name=\"maxMessageBytes\">A larger message is refused, in bytes; 16 MiB unless told otherwise, and never 512 MiB or more.</param>")
            .Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\">The limit is less than one, or 512 MiB or more.</exception>")
            .Line($"public {name}Reader(int maxMessageBytes = {Wire}EventHeader.DefaultMaxMessageBytes) => _maxMessageBytes = {Wire}EventHeader.CheckLimit(maxMessageBytes);")
            .Line()
            .Summary("Reads and checks one message.")
            .Line("/// <param name=\"message\">One whole message. The event is valid as long as this memory is, and its audio as long as the destination is.</param>")
            .Line("/// <param name=\"audioDestination\">Where the event's audio goes, if it has some. When it is too small the audio stays encoded and can be decoded from the view. It may have been written to when the answer is false, too.</param>")
            .Line("/// <param name=\"value\">The event.</param>")
            .Line("/// <param name=\"error\">What is wrong with the message when the answer is false.</param>")
            .Open($"public bool TryRead({Bytes} message, global::System.Span<byte> audioDestination, out {name} value, out {Api}ReadError error)")
            .Open("if (message.Length > _maxMessageBytes)")
            .Line("value = default;")
            .Line($"error = {Wire}EventHeader.TooLarge(_maxMessageBytes);")
            .Line("return false;")
            .Close()
            .Line()
            .Line("// Fast path: the message has the shape of an earlier one.")
            .Open($"if (_shapes.TryRead(message, audioDestination, out global::System.ReadOnlySpan<{Wire}Slot> slots, out int kind, out int decoded))")
            .Line($"{name}.Lay(out value, ({name}Kind)kind, message, in {name}Slots.Of(slots), decoded > 0 ? audioDestination[..decoded] : default, decoded >= 0, sameItem: true, pieces: null);")
            .Line("error = default;")
            .Line("return true;")
            .Close()
            .Line()
            .Open($"if (!{name}.TryRead(message, audioDestination, strict: false, out value, out error))")
            .Line("return false;")
            .Close()
            .Line()
            .Open($"if ({name}Kinds.IsHot(value.Kind) && _shapes.IsWorthLearning())")
            .Line("Learn(in value, message);")
            .Close()
            .Line()
            .Line("return true;")
            .Close()
            .Line()
            .Summary("Reads and checks one message that lies in several pieces, which then are one to whoever looks at the event.")
            .Remarks("Valid until the next call of this reader, and only as long as the memory of the pieces and the destination are: some of the event is copied when it is asked for. The reader keeps the text of such a message until another one takes its place.")
            .Line("/// <param name=\"message\">One whole message.</param>")
            .Line("/// <param name=\"audioDestination\">Where the event's audio goes, if it has some; as for a message in one piece.</param>")
            .Line("/// <param name=\"value\">The event.</param>")
            .Line("/// <param name=\"error\">What is wrong with the message when the answer is false.</param>")
            .Open($"public bool TryRead(scoped in global::System.Buffers.ReadOnlySequence<byte> message, global::System.Span<byte> audioDestination, out {name} value, out {Api}ReadError error)")
            .Open("if (message.IsSingleSegment)")
            .Line("return TryRead(message.FirstSpan, audioDestination, out value, out error);")
            .Close()
            .Line()
            .Open("if (message.Length > _maxMessageBytes)")
            .Line("value = default;")
            .Line($"error = {Wire}EventHeader.TooLarge(_maxMessageBytes);")
            .Line("return false;")
            .Close()
            .Line()
            .Line("// Fast path: audio in a message that has the shape of an earlier one is decoded piece by piece.")
            .Line($"{Wire}SegmentedMessage pieces = _pieces ??= new();")
            .Open($"if (pieces.TryRead(in message, _shapes, audioDestination, out global::System.ReadOnlySpan<{Wire}Slot> slots, out int kind, out int decoded))")
            .Line($"{name}.Lay(out value, ({name}Kind)kind, pieces.Short, in {name}Slots.Of(slots), audioDestination[..decoded], isDecoded: true, sameItem: true, pieces);")
            .Line("error = default;")
            .Line("return true;")
            .Close()
            .Line()
            .Line($"return TryRead({Wire}EventHeader.Join(in message, ref _joined), audioDestination, out value, out error);")
            .Close()
            .Line()
            .Line("/// <summary>Remembers the shape of an event that comes many times a second.</summary>")
            .Open($"private void Learn(scoped in {name} value, {Bytes} message)")
            .Open("switch (value.Kind)");
        foreach (EventModel model in list.Events.Where(static model => model.IsHot))
        {
            code.Line($"case {name}Kind.{model.Name}:")
                .Line($"    _shapes.Learn<{model.Name}View>(message, value.Slots);")
                .Line("    break;");
        }

        code.Line("default:").Line("    break;").Close().Close().Close();
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    private static string Sender(EventListModel list) => list.Role == SchemaRole.Client ? "client" : "server";

    private static string Source(EventListModel list) => $"all files of {list.Folders}";
}
