using System.Globalization;
using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Numbers what this session sends. An id is the caller's prefix and a counter, so it is unique in the session, and the same calls give the same ids.
/// </summary>
internal sealed class IdSource(string prefix)
{
    private readonly byte[] _tokenBegin = Encoding.UTF8.GetBytes($"token_{prefix}_");
    private readonly byte[] _eventBegin = Encoding.UTF8.GetBytes($"event_{prefix}_");
    private long _lastNumber;

    public string NewEventId() => NewId("event");

    public string NewItemId() => NewId("item");

    public string NewToken() => NewId("token");

    /// <summary>The token is one of this session's, whichever create bore it.</summary>
    public bool HasMade(ReadOnlySpan<byte> token) => token.StartsWith(_tokenBegin);

    /// <summary>The id is one that this session gives to an event of its own, now or later.</summary>
    public bool MayMakeEvent(ReadOnlySpan<byte> eventId) => eventId.StartsWith(_eventBegin);

    private string NewId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{prefix}_{++_lastNumber}");
}
