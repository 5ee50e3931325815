using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>What the fast paths need to know of an event that comes many times a second: its number, its members and their names, as constant data.</summary>
internal static class HotCode
{
    public static string Members(TypeModel type)
    {
        var names = HotNames.Of([.. type.Members.Select(static member => member.WireName)]);
        return Of($$"""
            /// <inheritdoc/>
            static int Wire.IHotView.HotKind => (int){{type.Role + "EventKind."}}{{type.Name}};

            /// <inheritdoc/>
            static ReadOnlySpan<Wire.HotMember> Wire.IHotView.HotMembers =>
            [
                {{Lines(type.Members.Select(static member => string.Join(" | ", Marks(member).Select(static mark => "Wire.HotMember." + mark)) + ","))}}
            ];

            /// <inheritdoc/>
            static int Wire.IHotView.SlotOf(ReadOnlySpan<byte> name) => MemberOf(name);

            {{(names.Rows.Count > 0 ? Names(type.Members, names) : NoNames)}}
            """);
    }

    private static string Names(IReadOnlyList<MemberModel> members, HotNames names) => Of($$"""
        /// <summary>The row of a name is the upper five bits of its first four bytes times this. Found by trying, so that no two names share a row.</summary>
        static uint Wire.IHotView.NameFactor => {{names.Factor}};

        /// <summary>By row, the member that a name of this row may be; 0 also where no name has this row.</summary>
        static ReadOnlySpan<byte> Wire.IHotView.NameRows =>
        [
            {{Lines(Enumerable.Range(0, names.Rows.Count / 8).Select(line => string.Join(" ", names.Rows.Skip(8 * line).Take(8).Select(slot => (slot < 0 ? "0" : $"Member.{members[slot].Name}") + ","))))}}
        ];

        /// <summary>By slot, 16 bytes: the name in its quotes, zeros, and in the last byte the length of the quoted name.</summary>
        static ReadOnlySpan<byte> Wire.IHotView.NameEntries =>
            {{string.Join("\n+ ", names.Quoted.Select(Entry))}};
        """);

    /// <summary>A quoted name holds no character that needs an escape, but its quotes.</summary>
    private static string Entry(string quoted)
    {
        string zeros = string.Concat(Enumerable.Repeat("\\0", HotNames.NameBytes - 1 - quoted.Length));
        return $"\"{quoted.Replace("\"", "\\\"")}{zeros}\\u{quoted.Length:X4}\"u8";
    }

    /// <summary>The names do not fit the tables, so the reader of any order is not used for this event.</summary>
    private const string NoNames = """
        /// <summary>These names have no table, so the reader of any order leaves this event to others.</summary>
        static uint Wire.IHotView.NameFactor => 0;

        /// <inheritdoc/>
        static ReadOnlySpan<byte> Wire.IHotView.NameRows => [];

        /// <inheritdoc/>
        static ReadOnlySpan<byte> Wire.IHotView.NameEntries => [];
        """;

    private static IEnumerable<string> Marks(MemberModel member)
    {
        yield return member.Type.Shape switch
        {
            ValueShape.Text or ValueShape.Enum => "Text",
            ValueShape.Integer => "Integer",
            ValueShape.Base64 => "Audio",
            _ => "Other",
        };
        if (!MemberCode.Plain(member))
        {
            yield return "Nullable";
        }

        if (member.IsRequired)
        {
            yield return "Required";
        }

        if (member.IsHot)
        {
            yield return "Differs";
        }
    }
}
