using System.Buffers;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting.Frames;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// Reads one client's frames, hands its messages on, and tells its owner of everything else. It never decides what is said or when a connection ends; when the owner pauses it, it waits. While nothing comes it holds no block.
/// </summary>
internal sealed class IncomingReader(Stream stream, SimulatorHostLimits limits, ClientConnection owner, SimulatorConnection session, Action<WireMisdeed> misdeed)
{
    private const int ReadBytes = 16 * 1024;

    /// <summary>Reads until the client has gone.</summary>
    /// <returns>True when it said goodbye.</returns>
    public async Task<bool> RunAsync()
    {
        using var frames = new FrameReader(limits.MaxMessageBytes, limits.MaxFragments);
        try
        {
            var course = Course.GoesOn;
            while (course != Course.SaidGoodbye)
            {
                // A read of nothing waits for something without a block that waits with it.
                await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
                byte[] block = ArrayPool<byte>.Shared.Rent(ReadBytes);
                try
                {
                    int length = await stream.ReadAsync(block.AsMemory(0, ReadBytes)).ConfigureAwait(false);
                    if (length == 0)
                    {
                        return false;
                    }

                    owner.Heard();
                    for (int at = 0; at < length && course == Course.GoesOn;)
                    {
                        await owner.HearingAsync().ConfigureAwait(false);
                        at = TakeFrame(frames, block, at, length, out course);
                        await owner.RoomAsync().ConfigureAwait(false);
                    }
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(block);
                }
            }

            return true;
        }
        catch (Exception gone) when (SocketEnd.IsGone(gone))
        {
            return false;
        }
    }

    /// <summary>Acts on the next thing that arrived.</summary>
    /// <returns>Up to where it was read.</returns>
    private int TakeFrame(FrameReader frames, byte[] block, int from, int to, out Course course)
    {
        course = Course.GoesOn;
        Span<byte> arrived = block.AsSpan(from, to - from);
        if (frames.TryRead(ref arrived, out ClientFrame frame))
        {
            switch (frame.Kind)
            {
                case ClientFrameKind.Text:
                    session.Receive(frame.Payload);
                    break;
                case ClientFrameKind.Ping:
                    owner.Pong(frame.Payload);
                    break;
                case ClientFrameKind.Close:
                    course = Course.SaidGoodbye;
                    session.Leave(owner);
                    owner.SaidGoodbye(frame.CloseCode);
                    break;
                case ClientFrameKind.Broken:
                    if (frame.CloseCode == CloseCode.NotText)
                    {
                        misdeed(WireMisdeed.Binary);
                    }

                    course = Course.IsBroken;
                    session.Leave(owner);
                    owner.EndNow(frame.CloseCode, frame.Fault);
                    break;
            }
        }

        return to - arrived.Length;
    }

    /// <summary>How it goes on with a client's bytes.</summary>
    private enum Course
    {
        GoesOn,

        /// <summary>They mean nothing any more, and are read to the end only so that the goodbye arrives.</summary>
        IsBroken,
        SaidGoodbye,
    }
}
