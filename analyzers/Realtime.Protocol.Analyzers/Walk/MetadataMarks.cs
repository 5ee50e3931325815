using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>The marked names of one referenced assembly, read from its tables: a few milliseconds, where asking the compiler for each symbol takes a second.</summary>
/// <remarks>They are remembered for as long as the compiler keeps the file, which is for many compilations in an editor and in a build server.</remarks>
internal sealed class MetadataMarks
{
    private static readonly ConditionalWeakTable<MetadataId, MetadataMarks> Known = new();

    private readonly Dictionary<string, Names> _byAttribute = new(StringComparer.Ordinal);

    /// <summary>Null when the reference is no file, as from one project of an editor to another.</summary>
    public static MetadataMarks? Of(MetadataReference? reference) =>
        reference is PortableExecutableReference file && file.GetMetadata() is AssemblyMetadata metadata
            ? Known.GetValue(metadata.Id, _ => new MetadataMarks(metadata))
            : null;

    private MetadataMarks(AssemblyMetadata metadata)
    {
        foreach (var module in metadata.GetModules())
        {
            Read(module.GetMetadataReader());
        }
    }

    /// <summary>What carries the attribute: names of members, and types of which a use need not name a member.</summary>
    public (IEnumerable<string> Members, IEnumerable<string> Types) Of(string attribute) =>
        _byAttribute.TryGetValue(attribute, out var names) ? (names.Members, names.Types) : ([], []);

    private void Read(MetadataReader reader)
    {
        foreach (var handle in reader.CustomAttributes)
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (NameOf(reader, attribute.Constructor) is { } name)
            {
                if (!_byAttribute.TryGetValue(name, out var names))
                {
                    _byAttribute[name] = names = new Names();
                }

                names.Add(reader, attribute.Parent);
            }
        }

        foreach (var names in _byAttribute.Values)
        {
            names.Complete(reader);
        }
    }

    // Ours only: all four have one namespace and end alike.
    private static string? NameOf(MetadataReader reader, EntityHandle constructor)
    {
        var (space, name) = constructor.Kind switch
        {
            HandleKind.MemberReference when reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } type =>
                (reader.GetTypeReference((TypeReferenceHandle)type).Namespace, reader.GetTypeReference((TypeReferenceHandle)type).Name),
            HandleKind.MethodDefinition when reader.GetTypeDefinition(reader.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType()) is var type =>
                (type.Namespace, type.Name),
            _ => default,
        };
        return !space.IsNil && reader.StringComparer.Equals(space, KnownSymbols.OurNamespace) ? KnownSymbols.OurNamespace + "." + reader.GetString(name) : null;
    }

    /// <summary>What carries one attribute.</summary>
    private sealed class Names
    {
        private readonly HashSet<ParameterHandle> _parameters = [];
        private readonly HashSet<EntityHandle> _wholeTypes = [];

        public HashSet<string> Members { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Types { get; } = new(StringComparer.Ordinal);

        public void Add(MetadataReader reader, EntityHandle carrier)
        {
            switch (carrier.Kind)
            {
                case HandleKind.TypeDefinition:
                    _wholeTypes.Add(carrier);
                    break;
                case HandleKind.MethodDefinition:
                    AddMethod(reader, reader.GetMethodDefinition((MethodDefinitionHandle)carrier));
                    break;
                case HandleKind.Parameter:
                    _parameters.Add((ParameterHandle)carrier);
                    break;
                case HandleKind.PropertyDefinition:
                    AddProperty(reader, reader.GetPropertyDefinition((PropertyDefinitionHandle)carrier));
                    break;
                case HandleKind.FieldDefinition:
                    Members.Add(reader.GetString(reader.GetFieldDefinition((FieldDefinitionHandle)carrier).Name));
                    break;
            }
        }

        public void Complete(MetadataReader reader)
        {
            if (_parameters.Count > 0)
            {
                foreach (var handle in reader.MethodDefinitions)
                {
                    var method = reader.GetMethodDefinition(handle);
                    if (method.GetParameters().Any(_parameters.Contains))
                    {
                        AddMethod(reader, method);
                    }
                }
            }

            AddWholeTypes(reader);
            if (Types.Count > 0)
            {
                AddSignatures(reader);
            }
        }

        private void AddMethod(MetadataReader reader, MethodDefinition method)
        {
            var type = reader.GetTypeDefinition(method.GetDeclaringType());
            var name = reader.GetString(method.Name);
            if (name.LastIndexOf('.') is > 0 and var dot)
            {
                // Implemented explicitly: reached by what the type is converted to, or given to.
                Types.Add(SimpleName(reader, type));
                name = name.Substring(dot + 1);
            }

            if ((method.Attributes & MethodAttributes.SpecialName) == 0 && name != "Invoke")
            {
                Members.Add(name);
            }
            else if (name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal))
            {
                Members.Add(name.Substring(4));
                if (name.Length == 8 && name.EndsWith("Item", StringComparison.Ordinal))
                {
                    Types.Add(SimpleName(reader, type));
                }
            }
            else
            {
                Types.Add(SimpleName(reader, type));
            }
        }

        private void AddProperty(MetadataReader reader, PropertyDefinition property)
        {
            Members.Add(reader.GetString(property.Name));
            if (reader.StringComparer.Equals(property.Name, "Item"))
            {
                var accessors = property.GetAccessors();
                var accessor = accessors.Getter.IsNil ? accessors.Setter : accessors.Getter;
                Types.Add(SimpleName(reader, reader.GetTypeDefinition(reader.GetMethodDefinition(accessor).GetDeclaringType())));
            }
        }

        private void AddWholeTypes(MetadataReader reader)
        {
            // A type that derives from a marked one is constructed like it. Bases may stand behind: until nothing is added.
            for (var count = -1; _wholeTypes.Count > 0 && count != _wholeTypes.Count;)
            {
                count = _wholeTypes.Count;
                foreach (var handle in reader.TypeDefinitions)
                {
                    if (_wholeTypes.Contains(reader.GetTypeDefinition(handle).BaseType))
                    {
                        _wholeTypes.Add(handle);
                    }
                }
            }

            foreach (var handle in _wholeTypes)
            {
                var type = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
                Types.Add(SimpleName(reader, type));
                foreach (var method in type.GetMethods())
                {
                    AddMethod(reader, reader.GetMethodDefinition(method));
                }
            }
        }

        // A property's type is the one that its accessor returns or takes.
        private void AddSignatures(MetadataReader reader)
        {
            var mentions = new Mention(Types);
            foreach (var handle in reader.MethodDefinitions)
            {
                var method = reader.GetMethodDefinition(handle);
                if ((method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Private or MethodAttributes.PrivateScope)
                {
                    continue;
                }

                var signature = method.DecodeSignature(mentions, null);
                if (signature.ReturnType || signature.ParameterTypes.Contains(true))
                {
                    var name = reader.GetString(method.Name);
                    Members.Add(name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal) ? name.Substring(4) : name);
                }
            }

            foreach (var handle in reader.FieldDefinitions)
            {
                var field = reader.GetFieldDefinition(handle);
                if ((field.Attributes & FieldAttributes.FieldAccessMask) != FieldAttributes.Private && field.DecodeSignature(mentions, null))
                {
                    Members.Add(reader.GetString(field.Name));
                }
            }
        }

        private static string SimpleName(MetadataReader reader, TypeDefinition type) => Mention.Simple(reader.GetString(type.Name));
    }

    /// <summary>Whether a signature names one of the types.</summary>
    private sealed class Mention(HashSet<string> types) : ISignatureTypeProvider<bool, object?>
    {
        public static string Simple(string name) => name.IndexOf('`') is > 0 and var arity ? name.Substring(0, arity) : name;

        public bool GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => types.Contains(Simple(reader.GetString(reader.GetTypeDefinition(handle).Name)));

        public bool GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => types.Contains(Simple(reader.GetString(reader.GetTypeReference(handle).Name)));

        public bool GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => genericType || typeArguments.Contains(true);

        public bool GetArrayType(bool elementType, ArrayShape shape) => elementType;

        public bool GetSZArrayType(bool elementType) => elementType;

        public bool GetByReferenceType(bool elementType) => elementType;

        public bool GetPointerType(bool elementType) => elementType;

        public bool GetPinnedType(bool elementType) => elementType;

        public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => unmodifiedType;

        public bool GetFunctionPointerType(MethodSignature<bool> signature) => signature.ReturnType || signature.ParameterTypes.Contains(true);

        public bool GetGenericMethodParameter(object? genericContext, int index) => false;

        public bool GetGenericTypeParameter(object? genericContext, int index) => false;

        public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => false;
    }
}
