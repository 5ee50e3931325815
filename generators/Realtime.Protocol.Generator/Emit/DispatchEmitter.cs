using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>What all events of one direction share: the event that may be any of them, and its copy to keep.</summary>
internal static class DispatchEmitter
{
    /// <summary>The class that every event adds its writer to.</summary>
    public static string EmitWriter(EventWriterModel writer) =>
        Begin(writer.Family, $"all files of {writer.Folders}")
            .Summary("Writes events, of client and server alike, into a buffer, a pipe or any other writer of bytes.")
            .Open("public static partial class EventWriter")
            .Close()
            .ToString();

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
            .Line($"private {Wire}OriginalMessage? _original;")
            .Line($"private {name}Slots _slots;")
            .Line()
            .Line("/// <summary>Makes an event where it is wanted: a constructor would make it elsewhere and copy it, which costs as much as a compare of the message.</summary>")
            .Open($"internal static void Lay(out {name} value, {name}Kind kind, {Bytes} json, scoped in {name}Slots slots, {Bytes} audio, bool isDecoded, bool sameItem, {Wire}OriginalMessage? original)")
            .Line("global::System.Runtime.CompilerServices.Unsafe.SkipInit(out value);")
            .Line("value.Kind = kind;")
            .Line("value.SameItemAsPrevious = sameItem;")
            .Line("value._json = json;")
            .Line("value._slots = slots;")
            .Line("value._audio = audio;")
            .Line("value._isDecoded = isDecoded;")
            .Line("value._original = original;")
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
            .Summary("The whole event as it stands in the message, whatever was mended for reading.")
            .Line($"public readonly {Bytes} Json => _original is null ? _json : _original.Whole;")
            .Line()
            .Summary("What a tolerant reader forgave in this message; nothing for a sound one.")
            .Line($"public readonly {Api}ReadOddities Oddities => _original is null ? default : _original.Oddities;")
            .Line()
            .Line("/// <summary>The text that the views look at: as long as the message, and another one only where the reader mended it.</summary>")
            .Line($"internal readonly {Bytes} Text => _json;")
            .Line()
            .Summary("The audio of this event when the reader decoded it; empty otherwise.")
            .Line($"[{Root}RawAudio]")
            .Line($"public readonly {Bytes} Audio => _audio;");
        EventReadCode.Emit(code, list, name);
        EmitTryGets(code, list, name);
        code.Line()
            .Summary("Writes the event as it stands in the message, unknown members included.");
        if (list.Events.Any(static model => model.IsSequenced))
        {
            code.Line($"[{Root}Sequenced]");
        }

        code.Line($"public readonly void WriteTo({Output} output) => global::System.Buffers.BuffersExtensions.Write(output, Json);");
        EmitVisit(code, list, name);
        code.Line()
            .Summary("A copy to keep: the one method here that allocates.")
            .Open($"public readonly Owned{name} ToOwned()")
            .Line($"{name}Slots slots = _slots;")
            .Line($"{Wire}OriginalMessage? original = null;")
            .Line($"{Bytes} json = _original is null ? _json : _original.Keep(_json, slots, out original);")
            .Line("return new(Kind, json, in slots, _audio, _isDecoded, original);")
            .Close()
            .Close()
            .Line();
        EmitOwned(code, list, name);
        code.Line();
        EventReaderEmitter.Emit(code, list, name);
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

    private static void EmitTryGets(CodeWriter code, EventListModel list, string name)
    {
        foreach (EventModel model in list.Events)
        {
            string audio = model.HasAudio ? ", _audio, _isDecoded, _original" : "";
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
            string audio = model.HasAudio ? ", _audio, _isDecoded, _original" : "";
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
            .Line($"private readonly {Wire}OriginalMessage? _original;")
            .Line($"private readonly {name}Slots _slots;")
            .Line()
            .Open($"internal Owned{name}({name}Kind kind, {Bytes} json, scoped in {name}Slots slots, {Bytes} audio, bool isDecoded, {Wire}OriginalMessage? original)")
            .Line("Kind = kind;")
            .Line("_json = json.ToArray();")
            .Line("_audio = audio.ToArray();")
            .Line("_isDecoded = isDecoded;")
            .Line("_original = original;")
            .Line("_slots = slots;")
            .Close()
            .Line()
            .Summary("Which event this is.")
            .Line($"public {name}Kind Kind {{ get; }}")
            .Line()
            .Summary("The event, with the same views as the original.")
            .Open($"public {name} View")
            .Open("get")
            .Line($"{name}.Lay(out {name} view, Kind, _json, in _slots, _audio, _isDecoded, sameItem: false, _original);")
            .Line("return view;")
            .Close()
            .Close()
            .Line()
            .Summary("The event's kind; its content may be private speech.")
            .Line("public override string ToString() => Kind.ToString();")
            .Close();

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
