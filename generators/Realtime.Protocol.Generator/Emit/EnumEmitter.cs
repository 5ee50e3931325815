using System.Linq;
using Realtime.Protocol.Generator.Schema;
using static Realtime.Protocol.Generator.Emit.Code;

namespace Realtime.Protocol.Generator.Emit;

/// <summary>An enumeration of the values known today, and its names on the wire.</summary>
internal static class EnumEmitter
{
    public static string Emit(ResolvedType resolved)
    {
        TypeModel type = resolved.Type;
        string name = type.Name;
        return GeneratedFile.Of(resolved.Family, type.SourceFile, Of($$"""
            {{Summary(type.Description.Length > 0 ? type.Description : $"Values of {type.WireName}.")}}
            /// <remarks>More values may appear on the wire at any time; a view reads them as <c>Unknown</c> and keeps their text.</remarks>
            {{GeneratedFile.Attribute}}
            public enum {{name}} : byte
            {
                /// <summary>Absent, null, or a value that is not known today.</summary>
                Unknown = 0,

                {{Paragraphs(type.Values.Select(static (value, index) => Of($$"""
                    {{Summary($"On the wire: `{value.WireValue}`.")}}
                    {{value.Name}} = {{index + 1}},
                    """)))}}
            }

            /// <summary>The values of <see cref="{{name}}"/> as they stand on the wire.</summary>
            {{GeneratedFile.Attribute}}
            public readonly struct {{name}}Names : Wire.IEnumNames<{{name}}>
            {
                /// <inheritdoc/>
                static string Wire.IEnumNames<{{name}}>.TypeName => nameof({{name}});

                /// <summary>The value of this name: its length tells most names apart, one comparison the rest.</summary>
                static {{name}} Wire.IEnumNames<{{name}}>.Parse(ReadOnlySpan<byte> text) => text.Length switch
                {
                    {{ArmsByText("text", type.Values.Select(value => (value.WireValue, $"{name}.{value.Name}")))}}
                    _ => {{name}}.Unknown,
                };

                /// <summary>The name of this value, in the quotes of JSON; empty for one that is not known today.</summary>
                static ReadOnlySpan<byte> Wire.IEnumNames<{{name}}>.ToUtf8({{name}} value) => value switch
                {
                    {{Lines(type.Values.Select(value => $"{name}.{value.Name} => {Utf8(Json(value.WireValue))},"))}}
                    _ => default,
                };
            }
            """));
    }
}
