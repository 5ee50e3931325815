using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The names of all members of a family: what an error may print, since no content of a message is among them.</summary>
internal static class MemberNamesEmitter
{
    public static string Emit(MemberNamesModel names) => GeneratedFile.Of(names.Family, $"all files of {names.Folders}", Of($$"""
        /// <summary>The names that the protocol gives to members.</summary>
        {{GeneratedFile.Attribute}}
        internal readonly struct MemberNames : Wire.IMemberNames
        {
            /// <summary>True for a name of the protocol: its length tells most names apart, one comparison the rest.</summary>
            static bool Wire.IMemberNames.Contains(ReadOnlySpan<byte> name) => name.Length switch
            {
                {{ArmsByText("name", names.Names.Select(static name => (name, "true")))}}
                _ => false,
            };
        }
        """));
}
