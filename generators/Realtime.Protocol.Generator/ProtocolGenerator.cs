using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Generator.Diagnostics;
using Realtime.Protocol.Generator.Emit;
using Realtime.Protocol.Generator.Schema;

namespace Realtime.Protocol.Generator;

/// <summary>
/// From schema files to readers and writers. The pipeline reads from top to bottom; what flows through it are equatable
/// models, and it never looks at the compilation, so that editing C# costs nothing here.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // Every node asks every entry whether it changed, so an edit costs what all nodes hold together: few nodes, shared.

        // 1. The schema files among the additional files, each with its family.
        IncrementalValuesProvider<SchemaText> texts = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .SelectMany(static (pair, _) => SchemaText.TryCreate(pair.Left, pair.Right) is { } text ? ImmutableArray.Create(text) : [])
            .WithTrackingName("SchemaTexts");

        // 2. What each file says on its own.
        IncrementalValuesProvider<ReadFile> files = texts
            .Select(static (text, cancellation) => text.Read(cancellation))
            .WithTrackingName("SchemaFiles");
        IncrementalValueProvider<ImmutableArray<ReadFile>> all = files
            .Collect()
            .Select(static (read, _) => read.Sort(static (left, right) => string.CompareOrdinal(left.File.Key, right.File.Key)));

        // 3. What any file may refer to, and which types give way to others. An edited event leaves both equal.
        IncrementalValuesProvider<(ReadFile Read, SchemaContext Context)> inContext = files
            .Combine(all.Select(static (read, _) => SchemaContext.Create(read)).WithTrackingName("Context"));

        // 4. One entry per type: editing one event generates one file anew.
        IncrementalValuesProvider<ResolvedType> types = inContext
            .SelectMany(static (pair, _) => pair.Context.Resolve(pair.Read.File))
            .WithTrackingName("Types");
        context.RegisterSourceOutput(types, static (output, type) => Add(output, type));

        // 5. One node per family and direction: kinds and dispatch.
        IncrementalValuesProvider<EventListModel> lists = all
            .SelectMany(static (read, _) => EventLists(Accept(read)))
            .WithTrackingName("EventLists");
        context.RegisterSourceOutput(lists, static (output, list) => Add(output, $"{list.Family.Name}.{list.Role}EventKind", EventKindsEmitter.Emit(list)));

        // The dispatcher prints no description: what changes only those leaves it as it is.
        IncrementalValuesProvider<EventListModel> dispatched = lists
            .Select(static (list, _) => list with { Events = new EquatableArray<EventModel>(list.Events.Select(static model => model with { Description = "" })) })
            .WithTrackingName("Dispatched");
        context.RegisterSourceOutput(dispatched, static (output, list) => Add(output, $"{list.Family.Name}.{list.Role}Event", DispatchEmitter.EmitEvent(list)));

        IncrementalValuesProvider<EventWriterModel> writers = lists
            .Select(static (list, _) => new EventWriterModel(list.Family, list.Folders))
            .Collect()
            .SelectMany(static (all, _) => all
                .GroupBy(static writer => writer.Family)
                .Select(static group => new EventWriterModel(group.Key, string.Join(" and ", group.Select(static writer => writer.Folders).OrderBy(static folders => folders, StringComparer.Ordinal)))))
            .WithTrackingName("EventWriters");
        context.RegisterSourceOutput(writers, static (output, writer) => Add(output, $"{writer.Family.Name}.EventWriter", DispatchEmitter.EmitWriter(writer)));

        // 6. One node per family: the names that an error may print.
        IncrementalValuesProvider<MemberNamesModel> names = all
            .SelectMany(static (read, _) => MemberNames(Accept(read)))
            .WithTrackingName("MemberNames");
        context.RegisterSourceOutput(names, static (output, family) => Add(output, $"{family.Family.Name}.MemberNames", MemberNamesEmitter.Emit(family)));

        // 7. What is wrong, at its place in the JSON.
        IncrementalValuesProvider<SchemaProblem> problems = inContext
            .SelectMany(static (pair, _) => pair.Read.File.Problems.Concat(pair.Context.Symbols.Check(pair.Read.File.Family, pair.Read.References)))
            .WithTrackingName("Problems");
        context.RegisterSourceOutput(problems, static (output, problem) => output.ReportDiagnostic(Descriptors.ToDiagnostic(problem)));

        IncrementalValuesProvider<SchemaProblem> clashes = all
            .SelectMany(static (read, _) => FamilyCheck.Find(read).Concat(ClashCheck.Find(FamilyCheck.Accept(read))))
            .WithTrackingName("Clashes");
        context.RegisterSourceOutput(clashes, static (output, problem) => output.ReportDiagnostic(Descriptors.ToDiagnostic(problem)));
    }

    /// <summary>What is generated, of files that may contradict each other.</summary>
    private static ImmutableArray<ReadFile> Accept(ImmutableArray<ReadFile> files) => ClashCheck.Accept(FamilyCheck.Accept(files));

    private static void Add(SourceProductionContext output, ResolvedType resolved)
    {
        string? source = resolved.Type.Category switch
        {
            TypeCategory.Event => EventEmitter.Emit(resolved),
            TypeCategory.Object => ObjectEmitter.Emit(resolved),
            TypeCategory.Enum => EnumEmitter.Emit(resolved),
            TypeCategory.Union => UnionEmitter.Emit(resolved),
            _ => null,
        };
        if (source is not null)
        {
            Add(output, $"{resolved.Family.Name}.{resolved.Type.Name}", source);
        }
    }

    private static void Add(SourceProductionContext output, string name, string source) =>
        output.AddSource(name + ".g.cs", SourceText.From(source, Utf8));

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private static IEnumerable<EventListModel> EventLists(ImmutableArray<ReadFile> files) => files
        .SelectMany(static read => read.File.Types.Where(static type => type.Category == TypeCategory.Event).Select(type => new ListedEvent(read.File.Family, type.Role, type.SourceFile, ToEvent(type))))
        .GroupBy(static listed => (listed.Family, listed.Role))
        .Select(static group => new EventListModel(
            group.Key.Family,
            group.Key.Role,
            SchemaPath.Folders(group.Select(static listed => listed.SourceFile)),
            new EquatableArray<EventModel>(group.Select(static listed => listed.Event).OrderBy(static model => model.Number).ThenBy(static model => model.WireName, StringComparer.Ordinal))));

    private static IEnumerable<MemberNamesModel> MemberNames(ImmutableArray<ReadFile> files) => files
        .GroupBy(static read => read.File.Family)
        .Select(static group => new MemberNamesModel(
            group.Key,
            SchemaPath.Folders(group.SelectMany(static read => read.File.Types).Select(static type => type.SourceFile)),
            new EquatableArray<string>(group.SelectMany(static read => read.File.Types).SelectMany(static type => type.Members).Select(static member => member.WireName).Distinct().OrderBy(static name => name, StringComparer.Ordinal))));

    private static EventModel ToEvent(TypeModel type) =>
        new(
            type.Name,
            type.WireName,
            type.Description,
            type.Number,
            type.Members.Count,
            type.Members.Any(static member => member.Type.Shape == ValueShape.Base64),
            type.IsSequenced,
            type.IsHot);
}
