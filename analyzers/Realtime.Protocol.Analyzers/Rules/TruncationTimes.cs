using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Where a typed truncation, of any known library, is told how much was heard: an argument or a member of the event.</summary>
internal static class TruncationTimes
{
    /// <summary>What is told, and the name of the member or parameter that it is told to. An argument that was left out has the syntax of its call.</summary>
    public static IEnumerable<(string Place, IOperation Value)> In(Body body)
    {
        foreach (var operation in body.Operations)
        {
            switch (operation)
            {
                case IArgumentOperation { Parameter: { Type: var type, ContainingSymbol: var method } parameter } argument
                    when ConstantTime.IsTimeSpan(type) && (body.World.Apis.ActOf(method) & Act.Truncate) != 0:
                    yield return (parameter.Name, argument.Value);
                    break;
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { Name: "AudioEndMs" or "AudioEndTime" } property }, Value: var value }
                    when IsTruncation(body, property.ContainingType):
                    yield return (property.Name, value);
                    break;
            }
        }
    }

    private static bool IsTruncation(Body body, INamedTypeSymbol type)
    {
        foreach (var constructor in type.InstanceConstructors)
        {
            if ((body.World.Apis.ActOf(constructor) & Act.Truncate) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
