namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The turns whose audio may be heard right now or later: what an interruption silences. A turn is here from its first byte until all of it came and was heard, until it
/// was silenced, or until too many others came after it; a turn that has ended and left is forgotten.
/// </summary>
internal sealed class PlaybackLedger(EffectQueue effects)
{
    /// <summary>An application that neither plays nor reads must not make this table grow; beyond it the oldest turn that has ended is forgotten.</summary>
    public const int MaxSounds = 64;

    private readonly List<TurnSound> _audible = [];

    // Of turns that have left: when what was taken of them has been played.
    private long _leftUntil;

    /// <summary>In the order in which they are played.</summary>
    public IReadOnlyList<TurnSound> Audible => _audible;

    public TurnSound? Find(int turn)
    {
        foreach (TurnSound sound in _audible)
        {
            if (sound.Turn == turn)
            {
                return sound;
            }
        }

        return null;
    }

    /// <summary>When all that came has been played, as far as that is known (<see cref="TurnSound.PlaysUntil"/>).</summary>
    public long PlaysUntil
    {
        get
        {
            long until = _leftUntil;
            foreach (TurnSound sound in _audible)
            {
                until = Math.Max(until, sound.PlaysUntil);
            }

            return until;
        }
    }

    /// <summary>What may still be heard of another connection is heard here from now on, and before what comes here.</summary>
    /// <param name="before">That one's; nothing is left in it.</param>
    /// <param name="later">How much later the clock reads here.</param>
    public void TakeOver(PlaybackLedger before, long later)
    {
        _audible.InsertRange(0, before._audible.Select(sound => sound.Rest(later)));
        _leftUntil = Math.Max(_leftUntil, before._leftUntil == 0 ? 0 : before._leftUntil + later);
        foreach (TurnSound sound in before._audible)
        {
            sound.IsAudible = false;
        }

        before._audible.Clear();
    }

    /// <summary>More of a turn's stream came.</summary>
    public void Receive(TurnSound sound, SoundPart? part, long bytes, SampleFormat format, long now)
    {
        if (sound.IsClosed)
        {
            return;
        }

        bool wasUnordered = sound.IsUnordered;
        sound.Receive(part, bytes);
        sound.Time(bytes, format, now, EndBefore(sound));
        if (sound.IsUnordered != wasUnordered)
        {
            effects.Tell(new SessionChange.ViolationTolerated(
                "AU-01", $"The server changed between items more than {TurnSound.MaxSpans} times in one turn; from here on an item counts as heard as far as it can have been."));
        }

        if (!sound.IsAudible)
        {
            Add(sound);
        }
    }

    /// <summary>The application reported its listener's place in a turn's stream.</summary>
    public void Report(TurnSound sound, long position)
    {
        sound.Report(position);
        if (position > 0 && sound.IsAudible)
        {
            EndEarlier(sound);
        }

        DropWhatIsOver();
    }

    /// <summary>A turn's stream was taken so far by its reader.</summary>
    public void Take(TurnSound sound, long position, long now)
    {
        sound.Take(position, now, EndBefore(sound));
        DropWhatIsOver();
    }

    /// <summary>A part has come to its end, or a turn has: what was heard already may now be over.</summary>
    public void DropWhatIsOver()
    {
        for (int i = _audible.Count - 1; i >= 0; i--)
        {
            // What was only taken may lie in a loudspeaker's buffer. So the last turn that spoke stays, to be told when it is to be silent.
            bool mayPlayOn = _audible[i].Heard.Basis is HeardBasis.Read && i == _audible.Count - 1;
            if (_audible[i].IsAtItsEnd && !mayPlayOn)
            {
                Remove(_audible[i]);
            }
        }
    }

    /// <summary>Nothing of it is to be heard any more.</summary>
    public void Close(TurnSound sound)
    {
        sound.Close();
        Remove(sound);
    }

    /// <summary>Its turn has ended: it is forgotten now, or when its audio has come to an end.</summary>
    public void TurnEnded(TurnSound sound)
    {
        sound.HasTurnEnded = true;
        if (!sound.IsAudible)
        {
            Forget(sound);
        }
    }

    private void Add(TurnSound sound)
    {
        if (_audible.Count == MaxSounds)
        {
            Remove(_audible.Find(static older => older.HasTurnEnded) ?? _audible.First());
        }

        sound.IsAudible = true;
        _audible.Add(sound);
        DropWhatIsOver();
    }

    // Turns are played one after the other.
    private long EndBefore(TurnSound sound)
    {
        long end = _leftUntil;
        foreach (TurnSound earlier in _audible)
        {
            if (ReferenceEquals(earlier, sound))
            {
                break;
            }

            end = Math.Max(end, earlier.PlaysUntil is not long.MaxValue and var until ? until : earlier.ReceivedUntil);
        }

        return end;
    }

    // Turns are played one after the other. A sink whose last report was lost has played the earlier one all the same.
    private void EndEarlier(TurnSound playing)
    {
        foreach (TurnSound earlier in _audible)
        {
            if (ReferenceEquals(earlier, playing))
            {
                return;
            }

            if (earlier.Heard.Basis is HeardBasis.Reported)
            {
                earlier.Report(long.MaxValue);
            }
        }
    }

    private void Remove(TurnSound sound)
    {
        if (sound.IsAudible)
        {
            sound.IsAudible = false;
            _audible.Remove(sound);
            _leftUntil = Math.Max(_leftUntil, sound.PlaysUntil is not long.MaxValue and var until ? until : sound.ReceivedUntil);
            if (sound.HasTurnEnded)
            {
                Forget(sound);
            }
        }
    }

    private void Forget(TurnSound sound) => effects.Tell(new SessionChange.TurnForgotten(sound.Turn));
}
