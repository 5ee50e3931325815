namespace Realtime.Protocol.Transport;

/// <summary>Who is told how the saves of a session fare. Called on the pool, one call at a time.</summary>
internal interface IJournalWatcher
{
    /// <summary>The checkpoint of this moment, as bytes. It may take the session's lock; it is asked for by the saving, and never on the way of audio.</summary>
    ReadOnlyMemory<byte> Snapshot();

    /// <summary>A save did not succeed, and is tried again later. Its exception may hold whatever the store put into it: tell its type, and not its message.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="attempts">How many in a row have failed.</param>
    void SaveFailed(Exception failure, int attempts);

    /// <summary>Saves succeed again.</summary>
    void SaveRecovered();

    /// <summary>Another owner has claimed the call: the session is to end as handed over. Told once, and nothing is saved any more.</summary>
    void HandedOver();
}
