using System.Linq;
using System.Text;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The kinds of events of one direction, and how a kind is found by its name on the wire.</summary>
internal static class EventKindsEmitter
{
    public static string Emit(EventListModel list)
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
}
