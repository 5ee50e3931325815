namespace Realtime.Protocol;

/// <summary>Says that using this member puts an event on the wire which only the response sequencer may send.</summary>
/// <remarks>
/// A conversation has at most one response at a time, and the server refuses a second <c>response.create</c> while one is active.
/// Whether one may be sent is therefore known in one place only: the sequencer, which holds the request back until the response
/// before it is done. It also sends the requests that are answered beside the conversation, since it alone tells their responses from others. Rule RT1001 is an error on every use of a marked member outside code marked
/// <see cref="SequencerEntryAttribute"/>: a call, a construction, a property write, or a delegate made of it.
/// On a type the attribute speaks for all of its members; an override or an implementation of a marked member is marked as well.
/// Mark a wrapper of your own with it when the wrapper, too, sends unchecked.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property
    | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface,
    AllowMultiple = false,
    Inherited = true)]
public sealed class SequencedAttribute : Attribute;
