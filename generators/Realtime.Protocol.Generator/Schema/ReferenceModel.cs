namespace Realtime.Protocol.Generator.Schema;

/// <summary>A $ref: where it leads, the union that it is an alternative of, whether it is what an array holds, and what to report if there is nothing.</summary>
internal sealed record ReferenceModel(string Target, string? Union, bool IsElement, SchemaProblem IfMissing);
