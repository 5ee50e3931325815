using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Json;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1020: a <c>response.create</c> that states <c>"response": null</c>.</summary>
/// <remarks>Our own types cannot write it, so this is about JSON that a program writes itself. It is an error where the JSON is seen to be sent as it stands.</remarks>
internal sealed class RT1020ResponseIsNull : Rule
{
    public const string Id = "RT1020";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Response parameters that are null instead of absent",
        "'{0}' is null in this response.create, which the server refuses; leave the member out to take the session's settings",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The server answers a response.create whose response is null with an error, and no response begins. Null is not the same as absent.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked.Group(words: ["response.create"]).OnBody(Check);

    private static void Check(Body body)
    {
        foreach (var (made, json) in JsonReading.In(body))
        {
            if (json.IsEvent("response.create") && json["response"] is { Form: JsonForm.Null, Syntax: var syntax })
            {
                if (SentJson.IsSent(body, made, asItStands: json.IsObjectToSerialize))
                {
                    body.Report(Descriptor, syntax, "response");
                }
                else if (json is { IsObjectToSerialize: false, Operation: not null })
                {
                    // A tree of nodes or a dictionary keeps its nulls, whoever sends it.
                    body.Report(Descriptor, DiagnosticSeverity.Warning, syntax, "response");
                }
            }
        }
    }
}
