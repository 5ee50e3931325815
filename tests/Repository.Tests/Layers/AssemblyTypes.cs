using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Repository.Tests.Layers;

/// <summary>One type of an assembly with everything that it mentions: base, interfaces, fields, signatures, locals and code.</summary>
internal sealed record TypeMentions(string Namespace, string Name, bool IsGenerated, IReadOnlySet<string> Mentions)
{
    public string FullName => $"{Namespace}.{Name}";
}

/// <summary>
/// Reads the metadata and the IL of an assembly. A list of banned symbols sees what the source calls; this sees what was
/// compiled, field types and unused signatures included. Nested types count as part of the type around them.
/// </summary>
internal static class AssemblyTypes
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (int)(ushort)code.Value, static code => code.OperandType);

    public static IReadOnlyList<TypeMentions> Read(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        var names = new NameProvider(metadata);
        var mentions = new Dictionary<TypeDefinitionHandle, HashSet<string>>();
        var generated = new HashSet<TypeDefinitionHandle>();
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            TypeDefinitionHandle outermost = names.Outermost(handle);
            HashSet<string> found = mentions.TryGetValue(outermost, out HashSet<string>? known) ? known : mentions[outermost] = [];
            Collect(file, metadata, names, type, found);
            if (type.GetCustomAttributes().Any(attribute => names.AttributeName(metadata.GetCustomAttribute(attribute)) == "System.CodeDom.Compiler.GeneratedCodeAttribute"))
            {
                generated.Add(outermost);
            }
        }

        return
        [
            .. mentions
                .Select(entry => (Type: metadata.GetTypeDefinition(entry.Key), entry.Key, entry.Value))
                .Select(entry => new TypeMentions(metadata.GetString(entry.Type.Namespace), metadata.GetString(entry.Type.Name), generated.Contains(entry.Key), entry.Value))
                .Where(static type => !type.Name.StartsWith('<')),
        ];
    }

    public static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(static name => name.Name!);

    private static void Collect(PEReader file, MetadataReader metadata, NameProvider names, TypeDefinition type, HashSet<string> found)
    {
        names.Add(type.BaseType, found);
        foreach (InterfaceImplementationHandle implementation in type.GetInterfaceImplementations())
        {
            names.Add(metadata.GetInterfaceImplementation(implementation).Interface, found);
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            found.UnionWith(metadata.GetFieldDefinition(field).DecodeSignature(names, null));
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            MethodSignature<ImmutableHashSet<string>> signature = method.DecodeSignature(names, null);
            found.UnionWith(signature.ReturnType);
            foreach (ImmutableHashSet<string> parameter in signature.ParameterTypes)
            {
                found.UnionWith(parameter);
            }

            if (method.RelativeVirtualAddress != 0)
            {
                Collect(metadata, names, file.GetMethodBody(method.RelativeVirtualAddress), found);
            }
        }
    }

    private static void Collect(MetadataReader metadata, NameProvider names, MethodBodyBlock body, HashSet<string> found)
    {
        if (!body.LocalSignature.IsNil)
        {
            foreach (ImmutableHashSet<string> local in metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null))
            {
                found.UnionWith(local);
            }
        }

        BlobReader il = body.GetILReader();
        while (il.RemainingBytes > 0)
        {
            int code = il.ReadByte();
            code = code == 0xFE ? (code << 8) | il.ReadByte() : code;
            switch (Operands[code])
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    il.ReadByte();
                    break;
                case OperandType.InlineVar:
                    il.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    il.ReadInt64();
                    break;
                case OperandType.InlineSwitch:
                    for (int targets = il.ReadInt32(); targets > 0; targets--)
                    {
                        il.ReadInt32();
                    }

                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    names.Add(MetadataTokens.EntityHandle(il.ReadInt32()), found);
                    break;
                default:
                    il.ReadInt32();
                    break;
            }
        }
    }
}
