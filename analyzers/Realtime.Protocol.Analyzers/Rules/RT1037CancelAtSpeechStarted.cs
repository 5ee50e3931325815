using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1037 and, for the libraries of others and JSON written by hand, RT4004: a cancel where the user begins to speak, which the server does by itself.</summary>
/// <remarks>A project that says anywhere whether the server interrupts may have told it not to; then the rule is silent in all of it.</remarks>
internal sealed class RT1037CancelAtSpeechStarted : Rule
{
    public const string Id = "RT1037";
    public const string LibraryId = "RT4004";

    private const string Title = "Cancel at the start of speech, where the server cancels";
    private const string Message = "'{0}' at the start of speech comes after the server's own interruption, and is answered with an error; only stop what still plays";
    private const string Description = "A server that detects speech cancels the response by itself when the user begins to speak. A second cancel finds nothing to cancel, or cancels the next response.";

    private static readonly DiagnosticDescriptor Ours = new(
        Id, Title, Message, RuleCategories.Lifecycle, DiagnosticSeverity.Info, isEnabledByDefault: true, Description, RulePages.Root + Id + RulePages.Extension);

    private static readonly DiagnosticDescriptor Others = new(
        LibraryId, Title, Message, RuleCategories.Libraries, DiagnosticSeverity.Info, isEnabledByDefault: true, Description, RulePages.Root + LibraryId + RulePages.Extension);

    private static readonly ImmutableArray<string> Settings = ["InterruptResponseEnabled", "interrupt_response", "InterruptsResponse"];

    // A property of VoiceLive, which the beta of the SDK has as a method: only what is assigned is the setting.
    private const string Assigned = "InterruptResponse";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Ours, Others];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        var compilation = asked.World.Compilation;
        var isSaid = new Lazy<bool>(() => SaysWhoInterrupts(compilation));
        asked
            .Group(words: WireNames.NamesOf(Act.Cancel), acts: Act.Cancel)
            .Group(words: WireNames.NamesOf(ServerEvent.SpeechStarted), events: ServerEvent.SpeechStarted)
            .OnBody(body => Check(body, isSaid));
    }

    private static void Check(Body body, Lazy<bool> isSaid)
    {
        var apis = body.World.Apis;
        if (!body.Operations.Any(IsCancel) || body.Graph is not { } graph || isSaid.Value)
        {
            return;
        }

        var functions = Function.In(graph).ToList();
        var guards = EventGuards.Of(functions, body.Member as IMethodSymbol, apis);
        var reported = new HashSet<SyntaxNode>();
        foreach (var function in functions)
        {
            foreach (var block in function.Graph.Blocks.Where(block => guards.IsOnly(block, ServerEvent.SpeechStarted)))
            {
                foreach (var cancel in Function.OperationsOf(block).Where(IsCancel))
                {
                    if (reported.Add(cancel.Syntax))
                    {
                        var used = KnownApis.Used(cancel);
                        var isOurs = apis.LibraryOf(used) == Library.Ours;
                        body.Report(isOurs ? Ours : Others, Named(cancel.Syntax), used is { } member && (apis.ActOf(used) & Act.Cancel) != 0 ? NameOf(member) : "response.cancel");
                    }
                }
            }
        }

        bool IsCancel(IOperation operation) => operation is not IMethodReferenceOperation && ((apis.ActOf(operation) | HandWrittenJson.ActOf(operation)) & Act.Cancel) != 0;
    }

    private static string NameOf(ISymbol member) => member is IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType.Name: var type } ? type : member.Name;

    private static bool SaysWhoInterrupts(Compilation compilation)
    {
        var words = new Words();
        foreach (var setting in Settings)
        {
            words.Add(setting, Groups.Of(0));
        }

        words.Add(Assigned, Groups.Of(1));
        words.Seal();
        return compilation.SyntaxTrees.Select(static tree => tree.GetText()).Any(text => words.In(text).Any(hit => hit.Groups != Groups.Of(1) || IsAssigned(text, hit.Position + Assigned.Length)));
    }

    private static bool IsAssigned(SourceText text, int after)
    {
        while (after < text.Length && char.IsWhiteSpace(text[after]))
        {
            after++;
        }

        return after < text.Length && text[after] == '=';
    }

    private static SyntaxNode Named(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => Named(call.Expression),
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        ObjectCreationExpressionSyntax creation => creation.Type,
        _ => node,
    };
}
