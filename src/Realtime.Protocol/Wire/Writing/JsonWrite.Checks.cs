using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Wire;

/// <summary>What generated writers refuse before a byte is written: members that are missing, or null where the protocol has no null.</summary>
public static partial class JsonWrite
{
    /// <summary>Refuses a member that must be there and is not, or is null where the protocol wants a value.</summary>
    /// <exception cref="ArgumentException">The member is refused.</exception>
    public static void Require(Presence presence, bool nullable, string type, string member)
    {
        if (presence == Presence.Absent || (presence == Presence.Null && !nullable))
        {
            ThrowMissing(type, member);
        }
    }

    /// <summary>Refuses an object that must be there and is not.</summary>
    /// <exception cref="ArgumentException">The member is refused.</exception>
    public static void RequireObject(object? value, string type, string member)
    {
        if (value is null)
        {
            ThrowMissing(type, member);
        }
    }

    /// <summary>Refuses null where the protocol wants a value or nothing.</summary>
    /// <exception cref="ArgumentException">The member is refused.</exception>
    public static void RefuseNull(Presence presence, string type, string member)
    {
        if (presence == Presence.Null)
        {
            ThrowNull(type, member);
        }
    }

    [DoesNotReturn]
    private static void ThrowMissing(string type, string member) =>
        throw new ArgumentException($"{type}.{member} must be set: the protocol requires the member.");

    [DoesNotReturn]
    private static void ThrowNull(string type, string member) =>
        throw new ArgumentException($"{type}.{member} must not be null: leave it out instead, the protocol does not allow null here.");
}
