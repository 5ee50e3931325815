using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1014: a thread is blocked where events are handled, so that the events it may be waiting for cannot come.</summary>
/// <remarks>
/// A handler is the body of a loop over what a session reads, a function with an event of a library among its parameters, and a delegate
/// that is given to us (a tool, a handler of the options). A task that was awaited before is done, and asking it blocks nobody. In a delegate given to us, closing the
/// session is blocking as well: the session waits for the tool that waits for the session.
/// </remarks>
internal sealed class RT1014BlockingInAHandler : Rule
{
    public const string Id = "RT1014";

    private static readonly ImmutableHashSet<string> Blocking = ["Wait", "Result", "GetResult", "WaitAll", "WaitAny", "Sleep"];

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Blocking where events are handled",
        "'{0}' holds up the handling of events, and may wait for one that cannot come; await instead, or do it outside of the handler",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "While a handler blocks, no other event is read: audio piles up, and what the handler waits for may be behind it.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World.Apis.Spoken != Library.None)
        {
            asked
                .Group(words: Blocking, acts: Act.Close, where: static token => Blocking.Contains(token.ValueText) ? Standing.IsInHandler(token) : Standing.IsCall(token) && Standing.IsInLambda(token))
                .OnBody(Check);
        }
    }

    private static void Check(Body body)
    {
        foreach (var operation in body.Operations)
        {
            if (Blocks(body, operation) is { } name && IsHandler(body, operation))
            {
                body.Report(Descriptor, Underline.Of(operation.Syntax), name);
            }
            else if (operation is IInvocationOperation close && (body.World.Apis.ActOf(close) & Act.Close) != 0 && IsGivenToUs(operation) && IsWaitedFor(close))
            {
                body.Report(Descriptor, Underline.Of(operation.Syntax), close.TargetMethod.Name);
            }
        }
    }

    private static string? Blocks(Body body, IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { Name: "Wait", ContainingType: var type }, Instance: { } task } call when Enclosing.IsTask(type) => IsDone(body, task, call) ? null : "Wait",
        IInvocationOperation { TargetMethod: { Name: "WaitAll" or "WaitAny", ContainingType: var type } method } when Enclosing.IsTask(type) => method.Name,
        IInvocationOperation { TargetMethod: { Name: "Sleep", ContainingType: { Name: "Thread", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } } } } => "Sleep",
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType: var type }, Instance: { } task } result when Enclosing.IsTask(type) => IsDone(body, task, result) ? null : "Result",
        IInvocationOperation { TargetMethod.Name: "GetResult", Instance: IInvocationOperation { TargetMethod.Name: "GetAwaiter", Instance: { } task } } call
            when Enclosing.IsTask(Enclosing.Unwrapped(task).Type) => IsDone(body, Enclosing.Unwrapped(task), call) ? null : "GetResult",
        _ => null,
    };

    /// <summary>The task was awaited, or asked whether it is done, before it is asked for its result.</summary>
    private static bool IsDone(Body body, IOperation task, IOperation asked) => SymbolOf(task) is not { } symbol
        ? task is IInvocationOperation { TargetMethod.Name: "FromResult" }
        : body.Operations.Any(operation => operation.Syntax.SpanStart < asked.Syntax.SpanStart && operation switch
        {
            IAwaitOperation awaited => awaited.Operation.DescendantsAndSelf().Any(inner => SymbolEqualityComparer.Default.Equals(SymbolOf(inner), symbol)),
            IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" or "Status", Instance: { } instance } => SymbolEqualityComparer.Default.Equals(SymbolOf(instance), symbol),
            _ => false,
        });

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        _ => null,
    };

    private static bool IsHandler(Body body, IOperation operation)
    {
        for (var (inner, outer) = (operation, operation.Parent); outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            switch (outer)
            {
                case IForEachLoopOperation loop when loop.Body == inner && loop.Collection.DescendantsAndSelf().Any(read => (body.World.Apis.ActOf(read) & Act.Receive) != 0):
                    return true;
                case ILocalFunctionOperation local:
                    return HasEvent(body, local.Symbol);
                case IAnonymousFunctionOperation lambda:
                    // Work that is given away, to a thread of its own perhaps, is not the handler.
                    return HasEvent(body, lambda.Symbol) || IsHandlerOfOptions(lambda) || IsGivenToUs(operation);
            }
        }

        return body.Member is IMethodSymbol method && (HasEvent(body, method) || Receivers.In(body.Operations).Any(receiver => IsEvent(body, receiver)));
    }

    private static bool HasEvent(Body body, IMethodSymbol method) => method.Parameters.Any(parameter => IsEvent(body, parameter));

    private static bool IsEvent(Body body, IParameterSymbol parameter) => body.World.Apis.EventOf(parameter.Type) != ServerEvent.None;

    // options.OnServerEvent = (in ServerEvent e) => …: it runs on the loop that receives.
    private static bool IsHandlerOfOptions(IAnonymousFunctionOperation lambda) =>
        lambda.Parent is IDelegateCreationOperation { Type: { Name: "ServerEventHandler" or "ClientEventHandler" or "TranslationServerEventHandler", ContainingNamespace: { Name: "Protocol", ContainingNamespace: { Name: "Realtime", ContainingNamespace.IsGlobalNamespace: true } } } };

    private static bool IsGivenToUs(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation)
            {
                var user = outer.Parent;
                while (user is IDelegateCreationOperation or IConversionOperation or IArgumentOperation)
                {
                    user = user.Parent;
                }

                return user is IInvocationOperation { TargetMethod.ContainingType: var type } && IsOurs(type);
            }
        }

        return false;
    }

    private static bool IsOurs(INamedTypeSymbol type)
    {
        var outermost = type;
        while (outermost.ContainingType is { } outer)
        {
            outermost = outer;
        }

        return outermost is { Name: "VoiceTool", ContainingNamespace: { Name: "Protocol", ContainingNamespace: { Name: "Realtime", ContainingNamespace.IsGlobalNamespace: true } } };
    }

    private static bool IsWaitedFor(IOperation call)
    {
        var user = call.Parent;
        while (user is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" } or IParenthesizedOperation or IConversionOperation)
        {
            user = user.Parent;
        }

        return user is IAwaitOperation or IReturnOperation;
    }
}
