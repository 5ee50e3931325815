using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Realtime.Protocol.Testing.Hosting.Frames;

/// <summary>
/// A client's bytes as WebSocket messages (RFC 6455, the server's side, no extensions). Pure: bytes come in as they arrive, cut anywhere,
/// and what they mean comes out. It answers nothing, and it says of the first thing that is wrong which goodbye it deserves; after that it must not be called again.
/// </summary>
/// <param name="maxMessageBytes">The longest message that is taken.</param>
/// <param name="maxFragments">How many frames a message may be cut into.</param>
internal sealed class FrameReader(int maxMessageBytes, int maxFragments) : IDisposable
{
    private const int LongestControlPayload = 125;
    private const int LongestHeader = 14;

    private readonly byte[] _header = new byte[LongestHeader];
    private int _headerBytes;
    private bool _isInPayload;
    private FrameOpcode _opcode;
    private bool _isLast;
    private long _left;
    private int _maskAt;

    // A message that came in pieces; the block is rented with its first piece and goes back behind its last.
    private byte[]? _pieces;
    private int _piecesBytes;
    private int _fragments;
    private bool _isWhole;
    private byte[]? _control;
    private int _controlBytes;

    /// <summary>What the bytes bring next.</summary>
    /// <param name="input">What arrived. What was read is taken off its front; the payload may lie in it, and is unmasked there.</param>
    /// <param name="found">What was found. Its payload is valid until the next call.</param>
    /// <returns>False when all bytes were read and no frame or message ended with them.</returns>
    [InvalidatesBorrows]
    public bool TryRead(ref Span<byte> input, [Borrowed] out ClientFrame found)
    {
        if (_isWhole)
        {
            ForgetPieces();
        }

        while (input.Length > 0 || (_isInPayload && _left == 0))
        {
            if (!_isInPayload && !ReadHeader(ref input, out found))
            {
                return found.Kind == ClientFrameKind.Broken;
            }

            if (_opcode >= FrameOpcode.Close ? ReadControl(ref input, out found) : ReadData(ref input, out found))
            {
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>Gives the block of an unfinished message back.</summary>
    public void Dispose() => ForgetPieces();

    private bool ReadHeader(ref Span<byte> input, out ClientFrame found)
    {
        found = default;
        while (input.Length > 0)
        {
            _header[_headerBytes++] = input[0];
            input = input[1..];
            if (_headerBytes == 2 && Fault(_header[0], _header[1]) is { } fault)
            {
                found = fault.ToFrame();
                return false;
            }

            if (_headerBytes >= 2 && _headerBytes == HeaderLength(_header[1]))
            {
                _headerBytes = 0;
                if (LengthFault(out _left) is { } wrong)
                {
                    found = wrong.ToFrame();
                    return false;
                }

                _opcode = (FrameOpcode)(_header[0] & 0x0F);
                _isLast = (_header[0] & 0x80) != 0;
                _maskAt = 0;
                _isInPayload = true;
                return true;
            }
        }

        return false;
    }

    private FrameFault? Fault(byte first, byte second)
    {
        var opcode = (FrameOpcode)(first & 0x0F);
        bool isLast = (first & 0x80) != 0;
        return (first & 0x70) != 0 ? new(CloseCode.ProtocolError, "A reserved bit of a frame is set, and no extension was agreed on.")
            : opcode is not (FrameOpcode.Continuation or FrameOpcode.Text or FrameOpcode.Binary or FrameOpcode.Close or FrameOpcode.Ping or FrameOpcode.Pong) ? new(CloseCode.ProtocolError, $"There is no opcode {(int)opcode}.")
            : (second & 0x80) == 0 ? new(CloseCode.ProtocolError, "A client masks its frames, and this one is not masked.")
            : opcode >= FrameOpcode.Close && !isLast ? new(CloseCode.ProtocolError, "A control frame must not be fragmented.")
            : opcode >= FrameOpcode.Close && (second & 0x7F) > LongestControlPayload ? new(CloseCode.ProtocolError, "A control frame holds at most 125 bytes.")
            : opcode == FrameOpcode.Binary ? new(CloseCode.NotText, "Events are sent as text frames, not as binary ones.")
            : opcode == FrameOpcode.Continuation && _fragments == 0 ? new(CloseCode.ProtocolError, "A continuation without a message that it continues.")
            : opcode == FrameOpcode.Text && _fragments > 0 ? new(CloseCode.ProtocolError, "A new message began within a fragmented one.")
            : null;
    }

    private FrameFault? LengthFault(out long length)
    {
        int announced = _header[1] & 0x7F;
        length = announced switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            127 => BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)),
            _ => announced,
        };
        if (length < 0 || (announced == 126 && length < 126) || (announced == 127 && length <= ushort.MaxValue))
        {
            return new(CloseCode.ProtocolError, "The length of a frame is not written in its shortest form.");
        }

        if ((_header[0] & 0x08) != 0)
        {
            return null;
        }

        _fragments++;
        return _piecesBytes + length > maxMessageBytes ? new(CloseCode.TooLarge, $"A message holds at most {maxMessageBytes} bytes.")
            : _fragments > maxFragments ? new(CloseCode.Policy, $"A message has at most {maxFragments} fragments.")
            : null;
    }

    private bool ReadControl(ref Span<byte> input, out ClientFrame found)
    {
        _control ??= new byte[LongestControlPayload];
        Span<byte> piece = Take(ref input);
        piece.CopyTo(_control.AsSpan(_controlBytes));
        _controlBytes += piece.Length;
        if (_left > 0)
        {
            found = default;
            return false;
        }

        ReadOnlySpan<byte> payload = _control.AsSpan(0, _controlBytes);
        _controlBytes = 0;
        _isInPayload = false;
        found = _opcode switch
        {
            FrameOpcode.Ping => new ClientFrame(ClientFrameKind.Ping, payload),
            FrameOpcode.Pong => new ClientFrame(ClientFrameKind.Pong, payload),
            _ => CloseFrame.Read(payload),
        };
        return true;
    }

    private bool ReadData(ref Span<byte> input, out ClientFrame found)
    {
        found = default;
        Span<byte> piece = Take(ref input);
        if (_left == 0 && _isLast && _piecesBytes == 0)
        {
            // The fast path: a message of one frame that arrived whole stays where it is.
            _isInPayload = false;
            _fragments = 0;
            found = Message(piece);
            return true;
        }

        Keep(piece);
        if (_left > 0)
        {
            return false;
        }

        _isInPayload = false;
        if (!_isLast)
        {
            return false;
        }

        _isWhole = true;
        found = Message(_pieces.AsSpan(0, _piecesBytes));
        return true;
    }

    private static ClientFrame Message(ReadOnlySpan<byte> payload) =>
        Utf8.IsValid(payload) ? new(ClientFrameKind.Text, payload) : new FrameFault(CloseCode.NotUtf8, "A text message is not UTF-8.").ToFrame();

    private Span<byte> Take(ref Span<byte> input)
    {
        Span<byte> piece = input[..(int)Math.Min(_left, input.Length)];
        input = input[piece.Length..];
        Mask.Apply(piece, _header.AsSpan(HeaderLength(_header[1]) - 4, 4), _maskAt);
        _maskAt = (_maskAt + piece.Length) & 3;
        _left -= piece.Length;
        return piece;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (_pieces is null || _pieces.Length - _piecesBytes < piece.Length)
        {
            // Of what a client announces only what has come takes memory, up to twice.
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_piecesBytes + piece.Length, (int)Math.Min(2L * _piecesBytes, maxMessageBytes)));
            _pieces?.AsSpan(0, _piecesBytes).CopyTo(larger);
            GiveBack();
            _pieces = larger;
        }

        piece.CopyTo(_pieces.AsSpan(_piecesBytes));
        _piecesBytes += piece.Length;
    }

    private void ForgetPieces()
    {
        GiveBack();
        _piecesBytes = 0;
        _fragments = 0;
        _isWhole = false;
    }

    private void GiveBack()
    {
        if (_pieces is { } block)
        {
            _pieces = null;
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static int HeaderLength(byte second) => (second & 0x7F) switch { 126 => 8, 127 => 14, _ => 6 };
}
