using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Benchmarks.Generation;

/// <summary>One schema file as the compiler hands it to a generator; its text is in memory before anything is timed.</summary>
/// <param name="key">Its path below <c>schema/</c>, with slashes and without the extension.</param>
/// <param name="json">What it says.</param>
public sealed class SchemaFile(string key, string json) : AdditionalText
{
    private readonly SourceText _text = SourceText.From(json, Encoding.UTF8);

    public string Key => key;

    public string Json => json;

    public string Family => key[..key.IndexOf('/', StringComparison.Ordinal)];

    public override string Path { get; } = $"/schema/{key}.json";

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
