namespace Realtime.Protocol;

/// <summary>Marks code that may use <see cref="SequencedAttribute">[Sequenced]</see> members: a response sequencer, a relay or a simulator.</summary>
/// <remarks>
/// The mark is a promise by its author that one response at a time is kept here: because this code is the sequencer, because it
/// passes on what another party has already sequenced (a relay), or because it plays the party that checks (a simulator, a test of
/// refusals). It covers the marked member, every lambda and local function in it, and every type nested in a marked type. It is not
/// inherited: an override makes the promise for itself or not at all. Give it the smallest place that needs it; on an assembly it
/// switches rule RT1001 off there.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property
    | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Assembly,
    AllowMultiple = false,
    Inherited = false)]
public sealed class SequencerEntryAttribute : Attribute;
