using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The kinds of events of one direction, and how a kind is found by its name on the wire.</summary>
internal static class EventKindsEmitter
{
    public static string Emit(EventListModel list)
    {
        string kind = list.Role + "EventKind";
        EventModel[] hot = [.. list.Events.Where(static model => model.IsHot)];
        EventModel[] seldom = [.. list.Events.Where(static model => !model.IsHot)];
        return GeneratedFile.Of(list.Family, GeneratedFile.Source(list), Of($$"""
            /// <summary>The events that a {{GeneratedFile.Sender(list)}} sends. The numbers are permanent: they are compiled into programs.</summary>
            {{GeneratedFile.Attribute}}
            public enum {{kind}} : ushort
            {
                /// <summary>An event that is not known today; its JSON is there all the same.</summary>
                Unknown = 0,

                {{Paragraphs(list.Events.Select(static model => Of($$"""
                    {{Summary($"`{model.WireName}`: {model.Description}")}}
                    {{model.Name}} = {{model.Number}},
                    """)))}}
            }

            /// <summary>Finds the kind of an event by its name on the wire: the length tells most names apart, one comparison the rest.</summary>
            {{GeneratedFile.Attribute}}
            internal static class {{kind}}s
            {
                {{Paragraphs(Parse(list, kind), ParseName(hot, seldom, kind), If(hot.Length > 0, ParseSeldom(seldom, kind)), If(hot.Length > 0, IsHot(hot, kind)))}}
            }
            """));
    }

    private static string Parse(EventListModel list, string kind) => Of($$"""
        /// <summary>The kind of an event whose type lies here. A type with escapes is decoded first.</summary>
        public static {{kind}} Parse(ReadOnlySpan<byte> message, Wire.Slot type)
        {
            ReadOnlySpan<byte> name = type.In(message);
            if (!type.IsEscaped)
            {
                return Parse(name);
            }

            const int LongestName = {{LongestOf(list.Events.Select(static model => model.WireName))}};
            Span<byte> decoded = stackalloc byte[LongestName];
            return Wire.JsonEscapes.TryDecodeName(name, decoded, out int length) ? Parse(decoded[..length]) : {{kind}}.Unknown;
        }
        """);

    private static string ParseName(EventModel[] hot, EventModel[] seldom, string kind) => Of($$"""
        {{If(hot.Length > 0, "/// <summary>Events that come many times a second first. The others have a method of their own, which is compiled when one of them comes.</summary>")}}
        private static {{kind}} Parse(ReadOnlySpan<byte> name) => name.Length switch
        {
            {{Arms(hot.Length > 0 ? hot : seldom, kind)}}
            _ => {{(hot.Length > 0 ? "ParseSeldom(name)" : $"{kind}.Unknown")}},
        };
        """);

    private static string ParseSeldom(EventModel[] seldom, string kind) => Of($$"""
        /// <summary>All other events.</summary>
        private static {{kind}} ParseSeldom(ReadOnlySpan<byte> name) => name.Length switch
        {
            {{Arms(seldom, kind)}}
            _ => {{kind}}.Unknown,
        };
        """);

    private static string IsHot(EventModel[] hot, string kind) => Of($$"""
        /// <summary>True for events that come many times a second.</summary>
        public static bool IsHot({{kind}} kind) => kind is {{string.Join(" or ", hot.Select(model => $"{kind}.{model.Name}"))}};
        """);

    private static string Arms(EventModel[] events, string kind) => ArmsByText("name", events.Select(model => (model.WireName, $"{kind}.{model.Name}")));
}
