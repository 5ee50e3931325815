namespace Realtime.Protocol.Transport;

/// <summary>The functions that the model may call, by name. A response keeps the table that was in force when it began, whatever is configured while it runs.</summary>
internal sealed class FunctionTable(IReadOnlyList<VoiceTool>? tools)
{
    private readonly Dictionary<string, VoiceTool.Function> _functions =
        ToolList.Functions(tools).ToDictionary(static function => function.Name, StringComparer.Ordinal);

    public VoiceTool.Function? Find(string name) => _functions.GetValueOrDefault(name);
}
