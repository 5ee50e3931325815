using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Flow;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>What other libraries wrap bytes in before they are sent (<c>BinaryData</c>, streams, <c>DataContent</c>), around a policy that knows the framework's own ways.</summary>
internal abstract class AudioCarriers(ITaintPolicy inner) : ITaintPolicy
{
    public virtual bool IsSource(IOperation value) => inner.IsSource(value);

    public virtual bool IsSource(IParameterSymbol parameter) => inner.IsSource(parameter);

    public virtual Content ContentOf(IOperation value) => value switch
    {
        IInvocationOperation { TargetMethod: { IsStatic: true, Name: "FromString" or "FromBytes" or "FromStream", ContainingType: { Name: "BinaryData", ContainingNamespace.Name: "System" } }, Arguments.Length: > 0 } made =>
            Content.CopyOf(made.Arguments[0].Value),
        IInvocationOperation { TargetMethod: { Name: "ToMemory" or "ToArray" or "ToStream" or nameof(ToString), ContainingType: { Name: "BinaryData", ContainingNamespace.Name: "System" } }, Instance: { } data } =>
            Content.CopyOf(data),
        IObjectCreationOperation { Arguments.Length: > 0, Type: { Name: "BinaryData" or "MemoryStream" or "BufferedStream" } } creation => Content.CopyOf(creation.Arguments[0].Value),
        // Of a text it is a data URI, which it decodes by itself.
        IObjectCreationOperation { Arguments.Length: > 0, Type.Name: "DataContent" } creation when creation.Arguments[0].Parameter?.Type.Name == "ReadOnlyMemory" => Content.CopyOf(creation.Arguments[0].Value),
        _ => inner.ContentOf(value),
    };

    public virtual IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments) => inner.WritesOf(call, arguments);
}
