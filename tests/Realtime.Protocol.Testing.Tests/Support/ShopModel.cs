using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Echoes, and where a client declared <c>stock</c> and <c>price</c>, calls both at once and then says what they gave.</summary>
internal sealed class ShopModel : ISimulatedModel
{
    private readonly EchoModel _echo = new();

    public ModelAnswer Answer(ModelRequest request) =>
        request.Tools.Count < 2 ? _echo.Answer(request)
        : request.Conversation.Any(static item => item.Kind == ItemKind.FunctionCallOutput) ? new([new ModelOutput.Text("Two are left, at forty euros.")])
        : new([new ModelOutput.Call("stock", """{"sku":"B-7"}"""), new ModelOutput.Call("price", """{"sku":"B-7"}""")]);
}
