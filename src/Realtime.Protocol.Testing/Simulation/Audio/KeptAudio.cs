namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// The account of what one session keeps of the user's sound: for the echo of the turn, and for whoever retrieves an item. Above its limit the sound of the oldest turn goes
/// first, its length stays known. The current turn stays, and what is being spoken.
/// </summary>
/// <param name="limit">How many bytes are kept, whenever it is asked.</param>
/// <param name="mostOfATurn">How many bytes a turn may have that nobody answers.</param>
internal sealed class KeptAudio(Func<long> limit, long mostOfATurn)
{
    private readonly List<KeptSound> _sounds = [];

    // So many of them belong to turns that are over.
    private int _old;

    /// <summary>How much is kept now.</summary>
    public long Bytes { get; private set; }

    /// <summary>How much may be kept now.</summary>
    public long Limit => limit();

    /// <summary>Keeps a sound of the current turn.</summary>
    public KeptSound Keep(AudioPages pages)
    {
        var sound = new KeptSound(this, pages);
        _sounds.Add(sound);
        Bytes += sound.Length;
        Settle();
        return sound;
    }

    /// <summary>The turn is answered, or nobody answers in this session: what was kept so far is of earlier turns.</summary>
    public void EndTurn()
    {
        _old = _sounds.Count;
        Settle();
    }

    /// <summary>Lets go what is too much.</summary>
    public void Settle()
    {
        long most = Limit;
        Settle(most, _old);
        Settle(Math.Max(most, mostOfATurn), _sounds.Count - 1);
    }

    /// <summary>Whether a sound goes as soon as nobody says it any more.</summary>
    public bool IsTooMuch(KeptSound sound) => Bytes > Limit && _sounds.IndexOf(sound) is >= 0 and var place && place < _old;

    /// <summary>A sound is not needed any more.</summary>
    public void Forget(KeptSound sound)
    {
        int place = _sounds.IndexOf(sound);
        _sounds.RemoveAt(place);
        _old -= place < _old ? 1 : 0;
        Bytes -= sound.Length;
        sound.Drop();
    }

    private void Settle(long most, int count)
    {
        for (int i = 0; Bytes > most && i < count;)
        {
            if (_sounds[i].IsPlaying)
            {
                i++;
                continue;
            }

            Forget(_sounds[i]);
            count--;
        }
    }
}
