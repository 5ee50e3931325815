namespace Realtime.Protocol.Testing.Simulation.Audio;

/// <summary>
/// What the sessions of one host keep of the user's sound together, where nobody said how much: each as much as would be its part if all kept the same, and no more than one alone needs. It only
/// divides; who has more than its part lets go with its next turn. Any thread.
/// </summary>
/// <param name="bytesInAll">What is divided.</param>
internal sealed class AudioShare(long bytesInAll)
{
    // Five seconds of PCM: the last turns of somebody who talks to a simulator alone.
    private const long MostOfOne = 256 * 1024;

    private int _sessions;

    /// <summary>How many bytes each session may keep now.</summary>
    public long PartOfOne => Math.Min(MostOfOne, bytesInAll / Math.Max(1, Volatile.Read(ref _sessions)));

    /// <summary>So many sessions there are from now on.</summary>
    public void Divide(int sessions) => Volatile.Write(ref _sessions, sessions);
}
