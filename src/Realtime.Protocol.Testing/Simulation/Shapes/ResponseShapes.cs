namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>The rows of <c>response.create</c>.</summary>
internal static class ResponseShapes
{
    private const int MaxPairs = 16;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 512;

    public static Shape[] OfCreate { get; } =
    [
        new("response", ShapeForms.Object),
        new("response.conversation", ShapeForms.Text) { Values = ["auto", "none"] },
        .. ToolShapes.Of("response"),
        new("response.input", ShapeForms.Array),
        .. ItemShapes.Of("response.input[]", isRequired: false, ShapeSessions.Realtime),
        new("response.metadata", ShapeForms.Map | ShapeForms.Null) { MaxMembers = MaxPairs, MaxNameLength = MaxKeyLength },
        new("response.metadata.*", ShapeForms.Text) { MaxLength = MaxValueLength },
    ];
}
