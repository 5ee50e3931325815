namespace Realtime.Protocol.Testing.Simulation.Audio;

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
