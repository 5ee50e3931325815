using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>What a rule said about which text; two findings are equal when a reader would see the same underline.</summary>
internal sealed record Finding(int Start, string Id, string Text) : IComparable<Finding>
{
    public static Finding Of(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.SourceSpan;
        return new Finding(span.Start, diagnostic.Id, diagnostic.Location.SourceTree!.ToString().Substring(span.Start, span.Length));
    }

    public int CompareTo(Finding? other) => (Start, Text.Length).CompareTo((other!.Start, other.Text.Length));
}
