using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>The names that the protocol gives to members. They are all that an error quotes: any other name is content of the message.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMemberNames
{
    /// <summary>True for a name of the protocol.</summary>
    /// <param name="name">A name as it stands in the message; one that holds escapes is none.</param>
    static abstract bool Contains(ReadOnlySpan<byte> name);
}

/// <summary>No names, for text that is no event.</summary>
internal readonly struct NoMemberNames : IMemberNames
{
    public static bool Contains(ReadOnlySpan<byte> name) => false;
}
