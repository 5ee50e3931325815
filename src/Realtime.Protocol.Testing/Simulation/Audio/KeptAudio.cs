namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// The account of what one session keeps of the user's sound: for the echo of the turn, and for whoever retrieves an item. Above its limit the sound of the oldest turn goes
/// first, its length stays known. The current turn stays, and what is being spoken.
/// </summary>
/// <param name="limit">How many bytes are kept.</param>
/// <param name="mostOfATurn">How many bytes a turn may have that nobody answers.</param>
internal sealed class KeptAudio(long limit, long mostOfATurn)
{
    private readonly List<KeptSound> _sounds = [];

    // So many of them belong to turns that are over.
    private int _old;

    /// <summary>How much is kept now.</summary>
    public long Bytes { get; private set; }

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
        Settle(limit, _old);
        Settle(Math.Max(limit, mostOfATurn), _sounds.Count - 1);
    }

    /// <summary>Whether a sound goes as soon as nobody says it any more.</summary>
    public bool IsTooMuch(KeptSound sound) => Bytes > limit && _sounds.IndexOf(sound) is >= 0 and var place && place < _old;

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

/// <summary>Sound of the user that a session keeps. Items hold it, also the answer that is its echo; a response plays it.</summary>
internal sealed class KeptSound(KeptAudio account, AudioPages pages) : ISoundSource
{
    private int _holders;
    private int _players;
    private int _givenBack;

    public int Length { get; } = pages.Length;

    public IEnumerable<KeptSound> Kept => [this];

    /// <summary>True once its bytes are gone.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>True while a response says it: it can't be dropped.</summary>
    public bool IsPlaying => _players > 0;

    public void Render(int start, Span<byte> piece) => pages.CopyTo(start - _givenBack, piece);

    /// <summary>The only response that says it has said so much of it: what would go at its end goes now.</summary>
    public void Said(int length)
    {
        if (_players == 1 && account.IsTooMuch(this))
        {
            IsDropped = true;
            pages.Forget(length - _givenBack);
            _givenBack = length;
        }
    }

    /// <summary>One more item has it, or one less; without any it is forgotten.</summary>
    public void Hold(int more)
    {
        _holders += more;
        LetGoUnlessNeeded();
    }

    /// <summary>A response begins to say it, or has ended.</summary>
    public void Play(int more)
    {
        _players += more;
        LetGoUnlessNeeded();
        account.Settle();
    }

    /// <summary>Gives its pages back.</summary>
    internal void Drop()
    {
        IsDropped = true;
        pages.Clear();
    }

    private void LetGoUnlessNeeded()
    {
        if (_holders == 0 && _players == 0 && !IsDropped)
        {
            account.Forget(this);
        }
    }
}
