using System.Linq;
using System.Text;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.GeneratedFile;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>The names of all members of a family: what an error may print, since no content of a message is among them.</summary>
internal static class MemberNamesEmitter
{
    public static string Emit(MemberNamesModel names)
    {
        CodeWriter code = Begin(names.Family, $"all files of {names.Folders}");
        code.Summary("The names that the protocol gives to members.")
            .Line(Attribute)
            .Open($"internal readonly struct MemberNames : {Wire}IMemberNames")
            .Line("/// <inheritdoc/>")
            .Open($"public static bool Contains({Bytes} name)")
            .Open("switch (name.Length)");
        foreach (IGrouping<int, string> group in names.Names.GroupBy(static name => Encoding.UTF8.GetByteCount(name)).OrderBy(static group => group.Key))
        {
            foreach (string name in group)
            {
                code.Case(group.Key, "name", name, "return true;");
            }
        }

        return code.Line("default:").Line("    return false;").Close().Close().Close().ToString();
    }
}
