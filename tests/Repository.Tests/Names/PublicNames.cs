using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Repository.Tests.Names;

/// <summary>A type that one can name: not nested, and not made by the compiler. The name carries the number of type parameters, since C# tells types apart by it.</summary>
internal sealed record TypeName(string Namespace, string Name, bool IsPublic)
{
    public override string ToString() => $"{Namespace}.{Name}";
}

/// <summary>The types of an assembly, read from its metadata: nothing is loaded, so a package needs none of its dependencies.</summary>
internal static class PublicNames
{
    public static IEnumerable<TypeName> Of(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
        {
            return [];
        }

        MetadataReader metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeDefinitions
                .Select(metadata.GetTypeDefinition)
                .Where(static type => !type.IsNested)
                .Select(type => new TypeName(metadata.GetString(type.Namespace), metadata.GetString(type.Name), (type.Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public))
                .Where(static type => type.Namespace.Length > 0 && !type.Name.Contains('<', StringComparison.Ordinal)),
        ];
    }

    /// <summary>The public types of all assemblies of a folder.</summary>
    public static IEnumerable<TypeName> OfFolder(string folder) =>
        Directory.GetFiles(folder, "*.dll").SelectMany(Of).Where(static type => type.IsPublic);
}
