using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Conversation;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>An item that a response is making: which part of it is open, and what was said of that part. The item itself may remember less: a client can truncate it meanwhile.</summary>
/// <param name="outputIndex">Its place among the items of the response.</param>
/// <param name="madeBy">Which output of the model makes it; not all of them are items.</param>
internal sealed class OpenItem(SimulatedItem item, string responseId, int outputIndex, int madeBy)
{
    public SimulatedItem Item => item;

    public int OutputIndex => outputIndex;

    public int MadeBy => madeBy;

    /// <summary>The part that is open; null between parts, and in a call.</summary>
    public SimulatedPart? Part { get; private set; }

    /// <summary>The words of the open part that were sent so far.</summary>
    public string Words { get; set; } = "";

    /// <summary>Where the sound of the open part comes from; null until some of it was sent.</summary>
    public ISoundSource? Source { get; set; }

    /// <summary>Where the open part is.</summary>
    public PartPlace Place => new(responseId, item.Id, outputIndex, Math.Max(0, item.PartList.Count - 1));

    public void Begin(SimulatedPart part)
    {
        item.PartList.Add(part);
        (Part, Words, Source) = (part, "", null);
    }

    public void EndPart() => Part = null;
}
