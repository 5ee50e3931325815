namespace Realtime.Protocol.Wire;

/// <summary>
/// Takes an event of any kind as the struct that one writes, without boxing: implement it on a struct, and the compiler
/// makes one method per kind.
/// </summary>
public interface IEventVisitor
{
    /// <summary>Called once, with the event's own type.</summary>
    void Visit<TEvent>(scoped in TEvent value)
        where TEvent : struct, IJsonWritable, allows ref struct;
}
