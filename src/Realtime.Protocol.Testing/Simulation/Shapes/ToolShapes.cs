namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>The rows that a session and a single response have in common: what the model is told, what it may call, and how it sounds.</summary>
internal static class ToolShapes
{
    private const int MaxTokens = 4096;
    private const int PcmRate = 24_000;

    private static readonly string[] Connectors =
    [
        "connector_dropbox", "connector_gmail", "connector_googlecalendar", "connector_googledrive", "connector_microsoftteams", "connector_outlookcalendar", "connector_outlookemail",
        "connector_sharepoint",
    ];

    public static string[] Voices { get; } = ["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"];

    public static Shape[] Of(string at) =>
    [
        new($"{at}.output_modalities", ShapeForms.Array) { IsCombination = true },
        new($"{at}.output_modalities[]", ShapeForms.Text) { Values = ["text", "audio"] },
        new($"{at}.instructions", ShapeForms.Text),
        new($"{at}.tools", ShapeForms.Array),
        new($"{at}.tools[]", ShapeForms.Choice),
        .. Function($"{at}.tools[]<function>"),
        .. McpServer($"{at}.tools[]<mcp>"),
        new($"{at}.tool_choice", ShapeForms.Choice | ShapeForms.Text) { Values = ["none", "auto", "required"] },
        new($"{at}.tool_choice<function>", ShapeForms.Object),
        new($"{at}.tool_choice<function>.type", ShapeForms.Text) { IsRequired = true, Values = ["function"] },
        new($"{at}.tool_choice<function>.name", ShapeForms.Text) { IsRequired = true },
        new($"{at}.tool_choice<mcp>", ShapeForms.Object),
        new($"{at}.tool_choice<mcp>.type", ShapeForms.Text) { IsRequired = true, Values = ["mcp"] },
        new($"{at}.tool_choice<mcp>.server_label", ShapeForms.Text) { IsRequired = true },
        new($"{at}.tool_choice<mcp>.name", ShapeForms.Text | ShapeForms.Null),
        new($"{at}.parallel_tool_calls", ShapeForms.Boolean),
        new($"{at}.reasoning", ShapeForms.Object),
        new($"{at}.reasoning.effort", ShapeForms.Text) { Values = ["minimal", "low", "medium", "high", "xhigh"] },
        new($"{at}.max_output_tokens", ShapeForms.Integer | ShapeForms.Text) { Values = ["inf"], Least = 1, Most = MaxTokens, Otherwise = "Published in words, as 1 to 4096." },
        new($"{at}.prompt", ShapeForms.Object | ShapeForms.Null),
        new($"{at}.prompt.id", ShapeForms.Text) { IsRequired = true },
        new($"{at}.prompt.version", ShapeForms.Text | ShapeForms.Null),
        new($"{at}.prompt.variables", ShapeForms.Open | ShapeForms.Null),
        new($"{at}.audio", ShapeForms.Object) { Merging = ShapeMerging.Join },
        new($"{at}.audio.output", ShapeForms.Object) { Merging = ShapeMerging.Join, Sessions = ShapeSessions.Realtime },
        .. Format($"{at}.audio.output.format"),
        new($"{at}.audio.output.voice", ShapeForms.Object | ShapeForms.Text) { Values = Voices },
        new($"{at}.audio.output.voice.id", ShapeForms.Text) { IsRequired = true, Otherwise = "Compatible services name a voice by other members." },
        new($"{at}.audio.output.voice.name", ShapeForms.Text) { Sessions = ShapeSessions.None },
        new($"{at}.audio.output.voice.type", ShapeForms.Text) { Sessions = ShapeSessions.None },
    ];

    public static Shape[] Format(string at) =>
    [
        new(at, ShapeForms.Object) { Merging = ShapeMerging.Template },
        new($"{at}.type", ShapeForms.Text) { Values = ["audio/pcm", "audio/pcmu", "audio/pcma"] },
        new($"{at}.rate", ShapeForms.Integer) { Least = PcmRate, Most = PcmRate },
    ];

    private static Shape[] Function(string at) =>
    [
        new(at, ShapeForms.Object),
        new($"{at}.type", ShapeForms.Text) { IsRequired = true, Values = ["function"] },
        new($"{at}.name", ShapeForms.Text) { IsRequired = true, IsNeverEmpty = true, Otherwise = "Published as optional: a function without a name can't be called." },
        new($"{at}.description", ShapeForms.Text),
        new($"{at}.parameters", ShapeForms.Open),
    ];

    private static Shape[] McpServer(string at) =>
    [
        new(at, ShapeForms.Object) { NeedsOneOf = ["server_url", "connector_id", "tunnel_id"], Otherwise = "Published in words: a server is reached by one of them." },
        new($"{at}.type", ShapeForms.Text) { IsRequired = true, Values = ["mcp"] },
        new($"{at}.server_label", ShapeForms.Text) { IsRequired = true, IsNeverEmpty = true, Otherwise = "A listing and a call name their server by it." },
        new($"{at}.server_url", ShapeForms.Text),
        new($"{at}.connector_id", ShapeForms.Text) { Values = Connectors },
        new($"{at}.tunnel_id", ShapeForms.Text),
        new($"{at}.authorization", ShapeForms.Text),
        new($"{at}.server_description", ShapeForms.Text),
        new($"{at}.headers", ShapeForms.Map | ShapeForms.Null),
        new($"{at}.headers.*", ShapeForms.Text),
        new($"{at}.allowed_tools", ShapeForms.Array | ShapeForms.Object | ShapeForms.Null),
        .. Filter($"{at}.allowed_tools"),
        new($"{at}.allowed_tools[]", ShapeForms.Text),
        new($"{at}.allowed_callers", ShapeForms.Array | ShapeForms.Null),
        new($"{at}.allowed_callers[]", ShapeForms.Text) { Values = ["direct", "programmatic"] },
        new($"{at}.require_approval", ShapeForms.Text | ShapeForms.Object | ShapeForms.Null) { Values = ["always", "never"] },
        new($"{at}.require_approval.always", ShapeForms.Object),
        .. Filter($"{at}.require_approval.always"),
        new($"{at}.require_approval.never", ShapeForms.Object),
        .. Filter($"{at}.require_approval.never"),
        new($"{at}.defer_loading", ShapeForms.Boolean),
    ];

    private static Shape[] Filter(string at) =>
    [
        new($"{at}.tool_names", ShapeForms.Array),
        new($"{at}.tool_names[]", ShapeForms.Text),
        new($"{at}.read_only", ShapeForms.Boolean),
    ];
}
