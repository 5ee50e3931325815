using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Json;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1023: a tool is run where its call has only begun: the arguments are still to come.</summary>
/// <remarks>What counts as running it: its output is made, or its arguments are parsed, where no other event can be at hand than one that adds an item.</remarks>
internal sealed class RT1023ToolRunTooEarly : Rule
{
    public const string Id = "RT1023";

    private const ServerEvent Added = ServerEvent.OutputItemAdded | ServerEvent.ItemAdded;

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Tool run before its arguments have come",
        "'{0}' is used where an item was only added, and its arguments are still empty; run the tool when the item or the response is done",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An item is added when the model begins it. The arguments of a call follow in pieces, and are whole when the item is done.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(words: WireNames.NamesOf(Added), events: Added)
        .Group(words: [.. WireNames.NamesOf(Act.ToolOutput), "arguments", "Arguments", "FunctionArguments", "FunctionCallArguments"], acts: Act.ToolOutput)
        .OnBody(Check);

    private static void Check(Body body)
    {
        if (body.Graph is not { } graph)
        {
            return;
        }

        var functions = Function.In(graph).ToList();
        var guards = EventGuards.Of(functions, body.Member as IMethodSymbol, body.World.Apis);
        var reported = new HashSet<SyntaxNode>();
        foreach (var block in functions.SelectMany(static function => function.Graph.Blocks).Where(block => guards.IsOnly(block, Added)))
        {
            foreach (var operation in Function.OperationsOf(block))
            {
                if (RunsTool(body, operation) is { } name && reported.Add(operation.Syntax))
                {
                    body.Report(Descriptor, name == Json ? operation.Syntax : Underline.Of(operation.Syntax), name);
                }
            }
        }
    }

    private const string Json = "function_call_output";

    private static string? RunsTool(Body body, IOperation operation)
    {
        if (operation is IInvocationOperation or IObjectCreationOperation && (body.World.Apis.ActOf(operation) & Act.ToolOutput) != 0)
        {
            return KnownApis.Used(operation) is IMethodSymbol { MethodKind: MethodKind.Ordinary } method ? method.Name : KnownApis.Used(operation)!.ContainingType.Name;
        }

        if ((HandWrittenJson.ActOf(operation) & Act.ToolOutput) != 0)
        {
            return Json;
        }

        return operation is IInvocationOperation { TargetMethod: { Name: "Parse" or "Deserialize" or "DeserializeObject" } parse } call && IsJson(parse.ContainingType)
            && call.Arguments.Any(argument => argument.Parameter?.Ordinal == 0 && argument.Value.DescendantsAndSelf().Any(IsArguments))
            ? parse.Name
            : null;
    }

    private static bool IsArguments(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property.Name: "Arguments" or "FunctionArguments" or "FunctionCallArguments", Arguments.Length: 0 } => true,
        IInvocationOperation { TargetMethod.Name: "GetProperty", Arguments.Length: 1 } get => JsonWriting.TextOf(get.Arguments[0].Value) == "arguments",
        IPropertyReferenceOperation { Property.IsIndexer: true, Arguments.Length: 1 } item => JsonWriting.TextOf(item.Arguments[0].Value) == "arguments",
        _ => false,
    };

    private static bool IsJson(INamedTypeSymbol type) =>
        type.Name is "JsonDocument" or "JsonSerializer" or "JsonNode" or "JsonConvert" or "JObject"
        && type.ContainingNamespace.ToDisplayString() is "System.Text.Json" or "System.Text.Json.Nodes" or "Newtonsoft.Json" or "Newtonsoft.Json.Linq";
}
