namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>The rows of a conversation item, wherever a client sends one. Which role may say what is for the one who makes the item.</summary>
internal static class ItemShapes
{
    // Reported by several people of the running service: "string too long. Expected a string with maximum length 32".
    private const int MaxIdLength = 32;
    private const string ReportedLimit = "The service was seen to refuse ids of more than 32 characters; its reference is silent about it.";

    private static readonly string[] Statuses = ["completed", "incomplete", "in_progress"];

    /// <param name="at">Where the item lies.</param>
    /// <param name="isRequired">Whether it has to be there.</param>
    /// <param name="beside">Which sessions take here what only a response's own input brings along: a reference to another item, and a request for approval.</param>
    public static Shape[] Of(string at, bool isRequired, ShapeSessions beside) =>
    [
        new(at, ShapeForms.Choice) { IsRequired = isRequired },
        .. Kind(at, "message"),
        .. HeadWithStatus($"{at}<message>"),
        new($"{at}<message>.role", ShapeForms.Text) { IsRequired = true, Values = ["system", "user", "assistant"] },
        new($"{at}<message>.phase", ShapeForms.Text) { Values = ["commentary", "final_answer"] },
        new($"{at}<message>.content", ShapeForms.Array) { IsRequired = true, Otherwise = "Published as optional: in events of the server it may be absent. A message without content says nothing." },
        new($"{at}<message>.content[]", ShapeForms.Object),
        new($"{at}<message>.content[].type", ShapeForms.Text) { IsRequired = true, Otherwise = "Which types there are depends on the role, and without one a part is of none." },
        new($"{at}<message>.content[].text", ShapeForms.Text),
        new($"{at}<message>.content[].audio", ShapeForms.Audio),
        new($"{at}<message>.content[].transcript", ShapeForms.Text | ShapeForms.Null),
        new($"{at}<message>.content[].image_url", ShapeForms.Text),
        new($"{at}<message>.content[].detail", ShapeForms.Text) { Values = ["auto", "low", "high"] },

        .. Kind(at, "function_call"),
        .. HeadWithStatus($"{at}<function_call>"),
        new($"{at}<function_call>.name", ShapeForms.Text) { IsRequired = true },
        new($"{at}<function_call>.call_id", ShapeForms.Text) { MaxLength = MaxIdLength, Otherwise = ReportedLimit },
        new($"{at}<function_call>.arguments", ShapeForms.Text) { IsRequired = true },

        .. Kind(at, "function_call_output"),
        .. HeadWithStatus($"{at}<function_call_output>"),
        new($"{at}<function_call_output>.call_id", ShapeForms.Text) { IsRequired = true },
        new($"{at}<function_call_output>.output", ShapeForms.Text) { IsRequired = true },

        .. Kind(at, "mcp_approval_response"),
        Id($"{at}<mcp_approval_response>"),
        new($"{at}<mcp_approval_response>.approval_request_id", ShapeForms.Text) { IsRequired = true },
        new($"{at}<mcp_approval_response>.approve", ShapeForms.Boolean) { IsRequired = true },
        new($"{at}<mcp_approval_response>.reason", ShapeForms.Text | ShapeForms.Null),

        .. Kind(at, "item_reference", beside),
        new($"{at}<item_reference>.id", ShapeForms.Text) { IsRequired = true },

        .. Kind(at, "mcp_approval_request", beside),
        .. McpCall($"{at}<mcp_approval_request>"),

        // Items that the server makes: a response's input may hold them. The reference lists them among what may be created, too; nobody has seen that work.
        .. Kind(at, "mcp_list_tools", beside),
        new($"{at}<mcp_list_tools>.id", ShapeForms.Text),
        new($"{at}<mcp_list_tools>.server_label", ShapeForms.Text) { IsRequired = true },
        new($"{at}<mcp_list_tools>.tools", ShapeForms.Array) { IsRequired = true },
        new($"{at}<mcp_list_tools>.tools[]", ShapeForms.Object),
        new($"{at}<mcp_list_tools>.tools[].name", ShapeForms.Text) { IsRequired = true },
        new($"{at}<mcp_list_tools>.tools[].description", ShapeForms.Text | ShapeForms.Null),
        new($"{at}<mcp_list_tools>.tools[].input_schema", ShapeForms.Open) { IsRequired = true },
        new($"{at}<mcp_list_tools>.tools[].annotations", ShapeForms.Open | ShapeForms.Null),
        .. Kind(at, "mcp_call", beside),
        .. McpCall($"{at}<mcp_call>"),
        new($"{at}<mcp_call>.approval_request_id", ShapeForms.Text | ShapeForms.Null),
        new($"{at}<mcp_call>.output", ShapeForms.Text | ShapeForms.Null),
        new($"{at}<mcp_call>.error", ShapeForms.Choice | ShapeForms.Null),
        .. McpError($"{at}<mcp_call>.error", "protocol_error", hasCode: true),
        .. McpError($"{at}<mcp_call>.error", "tool_execution_error", hasCode: false),
        .. McpError($"{at}<mcp_call>.error", "http_error", hasCode: true),
            ];

    private static Shape[] Kind(string at, string type, ShapeSessions? sessions = null) =>
    [
        new($"{at}<{type}>", ShapeForms.Object) { Sessions = sessions },
        new($"{at}<{type}>.type", ShapeForms.Text) { IsRequired = true, Values = [type] },
    ];

    private static Shape[] HeadWithStatus(string at) =>
    [
        Id(at),
        new($"{at}.object", ShapeForms.Text) { Values = ["realtime.item"] },
        new($"{at}.status", ShapeForms.Text) { Values = Statuses },
    ];

    private static Shape Id(string at) => new($"{at}.id", ShapeForms.Text) { MaxLength = MaxIdLength, Otherwise = ReportedLimit };

    private static Shape[] McpCall(string at) =>
    [
        new($"{at}.id", ShapeForms.Text) { IsRequired = true },
        new($"{at}.server_label", ShapeForms.Text) { IsRequired = true },
        new($"{at}.name", ShapeForms.Text) { IsRequired = true },
        new($"{at}.arguments", ShapeForms.Text) { IsRequired = true },
    ];

    private static Shape[] McpError(string at, string type, bool hasCode) =>
    [
        new($"{at}<{type}>", ShapeForms.Object),
        new($"{at}<{type}>.type", ShapeForms.Text) { IsRequired = true, Values = [type] },
        .. hasCode ? [new($"{at}<{type}>.code", ShapeForms.Integer) { IsRequired = true }] : (Shape[])[],
        new($"{at}<{type}>.message", ShapeForms.Text) { IsRequired = true },
    ];
}
