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

    /// <summary>What carries the attribute; null where nothing does.</summary>
    public Names? Of(string attribute) => _byAttribute.TryGetValue(attribute, out var names) ? names : null;

    private void Read(MetadataReader reader)
    {
        foreach (var handle in reader.CustomAttributes)
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (NameOf(reader, attribute.Constructor) is { } name)
            {
                if (!_byAttribute.TryGetValue(name, out var names))
                {
                    _byAttribute[name] = names = new Names(needsVariable: name == KnownSymbols.CursorAttribute, parametersAreInside: name == KnownSymbols.BorrowedAttribute);
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
    public sealed class Names(bool needsVariable, bool parametersAreInside)
    {
        private readonly HashSet<ParameterHandle> _parameters = [];
        private readonly HashSet<EntityHandle> _wholeTypes = [];

        public HashSet<string> Members { get; } = new(StringComparer.Ordinal);

        /// <summary>Types of which a use need not name a member.</summary>
        public HashSet<string> Types { get; } = new(StringComparer.Ordinal);

        /// <summary>Those of the types that carry the attribute themselves.</summary>
        public HashSet<string> Marked { get; } = new(StringComparer.Ordinal);

        /// <summary>Names that only count where they are declared.</summary>
        public HashSet<string> Declared { get; } = new(StringComparer.Ordinal);

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
                    if (method.GetParameters().Where(_parameters.Contains).ToList() is { Count: > 0 } marked)
                    {
                        AddParameters(reader, method, marked);
                    }
                }
            }

            AddWholeTypes(reader);
            if (Types.Count > 0)
            {
                if (needsVariable)
                {
                    AddDelegates(reader);
                }

                AddSignatures(reader);
            }
        }

        private void AddParameters(MetadataReader reader, MethodDefinition method, List<ParameterHandle> marked)
        {
            var name = reader.GetString(method.Name);
            if (parametersAreInside
                && (method.Attributes & MethodAttributes.SpecialName) == 0
                && name != "Invoke"
                && name.IndexOf('.') < 0
                && marked.TrueForAll(parameter => (reader.GetParameter(parameter).Attributes & ParameterAttributes.Out) == 0))
            {
                Declared.Add(name);
                return;
            }

            AddMethod(reader, method);
        }

        // A lambda's parameter has a type that nobody writes.
        private void AddDelegates(MetadataReader reader)
        {
            var mentions = new Mention(Types, Marked);
            var delegates = new List<string>();
            foreach (var handle in reader.TypeDefinitions)
            {
                var type = reader.GetTypeDefinition(handle);
                if (type.BaseType is { Kind: HandleKind.TypeReference, IsNil: false } parent && reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, nameof(MulticastDelegate)))
                {
                    foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
                    {
                        if (reader.StringComparer.Equals(method.Name, "Invoke") && method.DecodeSignature(mentions, null).ParameterTypes.Any(static said => said != Said.Nothing))
                        {
                            delegates.Add(SimpleName(reader, type));
                        }
                    }
                }
            }

            Types.UnionWith(delegates);
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
                Marked.Add(SimpleName(reader, type));
                if (needsVariable)
                {
                    continue;
                }

                foreach (var method in type.GetMethods())
                {
                    AddMethod(reader, reader.GetMethodDefinition(method));
                }
            }
        }

        // A property's type is the one that its accessor returns or takes.
        private void AddSignatures(MetadataReader reader)
        {
            var mentions = new Mention(Types, Marked);
            foreach (var handle in reader.MethodDefinitions)
            {
                var method = reader.GetMethodDefinition(handle);
                if ((method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Private or MethodAttributes.PrivateScope)
                {
                    continue;
                }

                var signature = method.DecodeSignature(mentions, null);
                if (signature.ReturnType != Said.Nothing || Takes(reader, method, signature.ParameterTypes))
                {
                    var name = reader.GetString(method.Name);
                    Members.Add(name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal) ? name.Substring(4) : name);
                }
            }

            foreach (var handle in reader.FieldDefinitions)
            {
                var field = reader.GetFieldDefinition(handle);
                if ((field.Attributes & FieldAttributes.FieldAccessMask) != FieldAttributes.Private && field.DecodeSignature(mentions, null) != Said.Nothing)
                {
                    Members.Add(reader.GetString(field.Name));
                }
            }
        }

        // What is given a variable of the type, by value or by reference, makes none; "out" and a type made with it may.
        private bool Takes(MetadataReader reader, MethodDefinition method, ImmutableArray<Said> parameters) =>
            parameters.Any(said => said == Said.Inside || (said == Said.Itself && !needsVariable))
            || (parameters.Contains(Said.Itself) && method.GetParameters().Any(handle =>
                reader.GetParameter(handle) is { SequenceNumber: > 0 and var number } parameter && (parameter.Attributes & ParameterAttributes.Out) != 0 && parameters[number - 1] == Said.Itself));

        private static string SimpleName(MetadataReader reader, TypeDefinition type) => Mention.Simple(reader.GetString(type.Name));
    }

    /// <summary>How a signature names one of the types.</summary>
    private enum Said
    {
        Nothing,

        /// <summary>As an argument of another type, or by a type that leads to it.</summary>
        Inside,

        /// <summary>A marked type itself, perhaps by reference.</summary>
        Itself,
    }

    /// <summary>Whether a signature names one of the types.</summary>
    private sealed class Mention(HashSet<string> types, HashSet<string> marked) : ISignatureTypeProvider<Said, object?>
    {
        public static string Simple(string name) => name.IndexOf('`') is > 0 and var arity ? name.Substring(0, arity) : name;

        public Said GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Of(reader.GetString(reader.GetTypeDefinition(handle).Name));

        public Said GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Of(reader.GetString(reader.GetTypeReference(handle).Name));

        public Said GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public Said GetGenericInstantiation(Said genericType, ImmutableArray<Said> typeArguments) =>
            genericType != Said.Nothing ? genericType : Inside(typeArguments.Any(static argument => argument != Said.Nothing));

        public Said GetArrayType(Said elementType, ArrayShape shape) => Inside(elementType != Said.Nothing);

        public Said GetSZArrayType(Said elementType) => Inside(elementType != Said.Nothing);

        public Said GetByReferenceType(Said elementType) => elementType;

        public Said GetPointerType(Said elementType) => elementType;

        public Said GetPinnedType(Said elementType) => elementType;

        public Said GetModifiedType(Said modifier, Said unmodifiedType, bool isRequired) => unmodifiedType;

        public Said GetFunctionPointerType(MethodSignature<Said> signature) =>
            Inside(signature.ReturnType != Said.Nothing || signature.ParameterTypes.Any(static parameter => parameter != Said.Nothing));

        public Said GetGenericMethodParameter(object? genericContext, int index) => Said.Nothing;

        public Said GetGenericTypeParameter(object? genericContext, int index) => Said.Nothing;

        public Said GetPrimitiveType(PrimitiveTypeCode typeCode) => Said.Nothing;

        private static Said Inside(bool isNamed) => isNamed ? Said.Inside : Said.Nothing;

        private Said Of(string name) => Simple(name) is var simple && marked.Contains(simple) ? Said.Itself : Inside(types.Contains(simple));
    }
}
