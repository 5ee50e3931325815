using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Something about a tool of a remote MCP server that a turn waits for: a call, which the service makes by itself, or the question whether it may. Kept by its item, like a function call, and
/// listed by the turn from its first sign until a response begins that reads how it ended.
/// </summary>
internal abstract class McpStep(TrackedItem item)
{
    public TrackedItem Item { get; } = item;

    /// <summary>The turn that waits for it; null where none does.</summary>
    public TurnState? Turn { get; set; }

    /// <summary>The label of the server.</summary>
    public string Server { get; set; } = "";

    /// <summary>The name of the tool.</summary>
    public string Name { get; set; } = "";

    /// <summary>JSON text; kept until the application is told.</summary>
    public string Arguments { get; set; } = "";

    /// <summary>It has not ended, so its turn waits.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>The server refused what ended it, so there is nothing in the conversation to speak about.</summary>
    public abstract bool IsRefused { get; }

    /// <summary>It has ended in a way that the model is still to speak about.</summary>
    public abstract bool WantsAnswer { get; }

    /// <summary>An event says something of it; what it leaves out stays as it was.</summary>
    public void Learn(in SessionFact words)
    {
        Server = words.Server.IsEmpty ? Server : Encoding.UTF8.GetString(words.Server);
        Name = words.Name.IsEmpty ? Name : Encoding.UTF8.GetString(words.Name);
        Arguments = words.Arguments.IsEmpty ? Arguments : Encoding.UTF8.GetString(words.Arguments);
    }

    /// <summary>The arguments, for the application; they are kept only where the next response is told of the call itself.</summary>
    public string TakeArguments()
    {
        string arguments = Arguments.Length == 0 ? "{}" : Arguments;
        Arguments = Turn is { IsOutOfBand: true } ? arguments : "";
        return arguments;
    }
}
