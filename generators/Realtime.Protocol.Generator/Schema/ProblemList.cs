using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>Collects what is wrong with one file, each with its line and column.</summary>
internal sealed class ProblemList
{
    private readonly SourceText _text;
    private readonly string _path;
    private readonly List<SchemaProblem> _problems = [];

    public ProblemList(SourceText text, string path)
    {
        _text = text;
        _path = path;
    }

    public void Add(string id, JsonNode node, string message) => Add(id, node.Start, node.End, message);

    public void Add(string id, int start, int end, string message) => _problems.Add(Create(id, start, end, message));

    public SchemaProblem Create(string id, int start, int end, string message)
    {
        start = Math.Min(start, _text.Length);
        end = Math.Max(start, Math.Min(end, _text.Length));
        LinePosition from = _text.Lines.GetLinePosition(start);
        LinePosition to = _text.Lines.GetLinePosition(end);
        return new SchemaProblem(id, _path, start, end - start, from.Line, from.Character, to.Line, to.Character, message);
    }

    public EquatableArray<SchemaProblem> ToArray() => new(_problems);
}
