using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Repository.Tests.Layers;

/// <summary>The full names of all types that a handle or a signature mentions, nested ones as the type around them.</summary>
internal sealed class NameProvider(MetadataReader metadata) : ISignatureTypeProvider<ImmutableHashSet<string>, object?>
{
    private static readonly ImmutableHashSet<string> Nothing = [];

    public TypeDefinitionHandle Outermost(TypeDefinitionHandle handle)
    {
        while (metadata.GetTypeDefinition(handle).GetDeclaringType() is { IsNil: false } around)
        {
            handle = around;
        }

        return handle;
    }

    public string? AttributeName(CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MemberReference => Names(metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent).FirstOrDefault(),
        HandleKind.MethodDefinition => Names(metadata.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).FirstOrDefault(),
        _ => null,
    };

    public void Add(EntityHandle handle, HashSet<string> found) => found.UnionWith(Names(handle));

    public ImmutableHashSet<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        TypeDefinition type = reader.GetTypeDefinition(Outermost(handle));
        return [$"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"];
    }

    public ImmutableHashSet<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)
            : [$"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"];
    }

    public ImmutableHashSet<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ImmutableHashSet<string> GetArrayType(ImmutableHashSet<string> elementType, ArrayShape shape) => elementType;

    public ImmutableHashSet<string> GetByReferenceType(ImmutableHashSet<string> elementType) => elementType;

    public ImmutableHashSet<string> GetFunctionPointerType(MethodSignature<ImmutableHashSet<string>> signature) =>
        signature.ParameterTypes.Aggregate(signature.ReturnType, static (all, parameter) => all.Union(parameter));

    public ImmutableHashSet<string> GetGenericInstantiation(ImmutableHashSet<string> genericType, ImmutableArray<ImmutableHashSet<string>> typeArguments) =>
        typeArguments.Aggregate(genericType, static (all, argument) => all.Union(argument));

    public ImmutableHashSet<string> GetGenericMethodParameter(object? genericContext, int index) => Nothing;

    public ImmutableHashSet<string> GetGenericTypeParameter(object? genericContext, int index) => Nothing;

    public ImmutableHashSet<string> GetModifiedType(ImmutableHashSet<string> modifier, ImmutableHashSet<string> unmodifiedType, bool isRequired) => unmodifiedType;

    public ImmutableHashSet<string> GetPinnedType(ImmutableHashSet<string> elementType) => elementType;

    public ImmutableHashSet<string> GetPointerType(ImmutableHashSet<string> elementType) => elementType;

    public ImmutableHashSet<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => Nothing;

    public ImmutableHashSet<string> GetSZArrayType(ImmutableHashSet<string> elementType) => elementType;

    private ImmutableHashSet<string> Names(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return Nothing;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0);
            case HandleKind.TypeReference:
                return GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0);
            case HandleKind.TypeSpecification:
                return GetTypeFromSpecification(metadata, null, (TypeSpecificationHandle)handle, 0);
            case HandleKind.FieldDefinition:
                return Names(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
            case HandleKind.MethodDefinition:
                return Names(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
            case HandleKind.MethodSpecification:
                MethodSpecification specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return specification.DecodeSignature(this, null).Aggregate(Names(specification.Method), static (all, argument) => all.Union(argument));
            case HandleKind.MemberReference:
                MemberReference member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                if (member.GetKind() == MemberReferenceKind.Field)
                {
                    return Names(member.Parent).Union(member.DecodeFieldSignature(this, null));
                }

                MethodSignature<ImmutableHashSet<string>> signature = member.DecodeMethodSignature(this, null);
                return signature.ParameterTypes.Aggregate(Names(member.Parent).Union(signature.ReturnType), static (all, parameter) => all.Union(parameter));
            default:
                return Nothing;
        }
    }
}
