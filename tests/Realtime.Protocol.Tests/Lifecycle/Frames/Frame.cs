using System.Text;
using Realtime.Protocol.Tests.Schema;

namespace Realtime.Protocol.Tests.Lifecycle.Frames;

/// <summary>
/// One message as it lies on the wire, made from the first example in its event's schema file. That example has only what the protocol requires, so a frame says nothing that its test did not
/// ask for, except ids and numbers that an event of its kind cannot do without. Every server frame gets an <c>event_id</c> of its own.
/// </summary>
internal static class Frame
{
    /// <summary>Where <c>response.created</c> and <c>response.done</c> repeat the token of a create.</summary>
    public const string Token = "response.metadata.'realtime.token'";

    private static readonly Dictionary<string, FrameNode> Realtime = BasesOf("realtime");
    private static readonly Dictionary<string, FrameNode> Translations = BasesOf("translation");

    public static byte[] Server(string type, int number, FrameNames names, params ReadOnlySpan<string> changes) => Of(Realtime, type, number, names, changes);

    /// <summary>An event of a translation.</summary>
    public static byte[] OfTranslation(string type, int number, FrameNames names, params ReadOnlySpan<string> changes) => Of(Translations, type, number, names, changes);

    /// <summary>Base64 of so many bytes of silence.</summary>
    public static string Audio(int bytes) => Convert.ToBase64String(new byte[bytes]);

    private static Dictionary<string, FrameNode> BasesOf(string family) => Example.All
        .Where(example => example is { Direction: "server", Index: 0 } && example.Family == family)
        .ToDictionary(static example => example.Type, static example => FrameNode.Raw(Encoding.UTF8.GetString(example.Json)));

    private static byte[] Of(Dictionary<string, FrameNode> bases, string type, int number, FrameNames names, ReadOnlySpan<string> changes)
    {
        FrameNode frame;
        lock (bases) // reading a node opens it
        {
            frame = bases.TryGetValue(type, out FrameNode? known) ? known.Copy() : FrameNode.Raw($$"""{"type":{{FrameNode.Quote(type)}}}""");
        }

        frame.Set(["event_id"], FrameNode.Text($"event_{number}"));
        foreach (string change in changes)
        {
            FrameChange.Parse(change).ApplyTo(frame, names);
        }

        return Encoding.UTF8.GetBytes(frame.ToString());
    }
}
