namespace Realtime.Protocol.Wire;

/// <summary>An event or object that can write itself as JSON. It is asked twice, and must say the same twice.</summary>
public interface IJsonWritable
{
    /// <summary>Writes the whole value into a sink and changes nothing; in a struct it is <see langword="readonly"/>.</summary>
    /// <exception cref="ArgumentException">A member holds what the protocol does not allow; the message names it.</exception>
    void WriteTo<TSink>(scoped ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct;
}
