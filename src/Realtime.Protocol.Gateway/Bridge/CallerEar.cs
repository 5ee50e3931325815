using System.Buffers;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// From the caller to the session. What is said before the session is open is kept, up to five seconds, and comes first. A session that is behind is waited for, and with it the line: nothing gathers here.
/// </summary>
internal sealed class CallerEar(ICallProtocol protocol, CancellationToken stop)
{
    private static readonly TimeSpan MostBefore = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private ArrayBufferWriter<byte>? _before = new();
    private AudioInput? _input;
    private AudioConverter? _converter;

    /// <summary>The session is there.</summary>
    public async Task OpenAsync(AudioInput input)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            _input = input;
            ReadOnlyMemory<byte> before = _before!.WrittenMemory;
            _before = null;
            if (!before.IsEmpty)
            {
                await PassOnAsync(before).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The caller speaks.</summary>
    public async ValueTask HearAsync(ReadOnlyMemory<byte> audio)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            if (_input is not null)
            {
                await PassOnAsync(audio).ConfigureAwait(false);
            }
            else if (_before!.WrittenCount + audio.Length <= protocol.Encoding.BytesIn(MostBefore))
            {
                _before.Write(audio.Span);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask PassOnAsync(ReadOnlyMemory<byte> audio)
    {
        _converter ??= new(protocol.Encoding, _input!.Encoding);
        await _input!.WriteAsync(_converter.Convert(audio), stop).ConfigureAwait(false);
    }
}
