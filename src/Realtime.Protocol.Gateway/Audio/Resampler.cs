using System.Numerics;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// One stream of samples from one rate to another, as it comes: however the stream is cut, the same samples come out, since each is made from the same inputs in the same order. Nothing is delayed against the input but what the filter has
/// to see of the future (32 samples of the lower rate: 4 ms at 8 kHz). Allocates nothing after it was made.
/// </summary>
internal sealed class Resampler
{
    private const int Block = 1_024;

    private readonly ResamplerFilter _filter;
    private readonly float[] _window;
    private int _filled;
    private int _phase;
    private long _taken;
    private long _made;

    public Resampler(int from, int to)
    {
        _filter = ResamplerFilter.Of(from, to);
        _window = new float[_filter.Taps + Block];
        Reset();
    }

    /// <summary>The most that comes of so many samples, or of the end.</summary>
    public int MostOf(int samples) => (int)((((long)samples + _filter.Taps) * _filter.Phases / _filter.Step) + 2);

    /// <summary>Takes all of the input; gives how many samples were written.</summary>
    public int Convert(ReadOnlySpan<short> input, Span<short> output)
    {
        int written = 0;
        _taken += input.Length;
        while (!input.IsEmpty)
        {
            int length = Math.Min(input.Length, _window.Length - _filled);
            Span<float> target = _window.AsSpan(_filled, length);
            for (int i = 0; i < length; i++)
            {
                target[i] = input[i];
            }

            _filled += length;
            input = input[length..];
            written += Make(output[written..], long.MaxValue);
        }

        return written;
    }

    /// <summary>The end of the stream: what is still due comes out, so that it is as long as what went in. Another stream may follow.</summary>
    public int Flush(Span<short> output)
    {
        long due = ((_taken * _filter.Phases) + _filter.Step - 1) / _filter.Step;
        int written = 0;
        while (_made < due)
        {
            int length = Math.Min(_filter.Taps, _window.Length - _filled);
            _window.AsSpan(_filled, length).Clear();
            _filled += length;
            written += Make(output[written..], due);
        }

        Reset();
        return written;
    }

    private void Reset()
    {
        _window.AsSpan().Clear();
        (_filled, _phase, _taken, _made) = ((_filter.Taps / 2) - 1, 0, 0, 0);
    }

    private int Make(Span<short> output, long most)
    {
        int written = 0;
        int at = 0;
        while (at + _filter.Taps <= _filled && _made < most)
        {
            output[written++] = (short)Math.Clamp(MathF.Round(Dot(_window.AsSpan(at, _filter.Taps), _filter.Row(_phase))), short.MinValue, short.MaxValue);
            _made++;
            _phase += _filter.Step;
            at += _phase / _filter.Phases;
            _phase %= _filter.Phases;
        }

        // A step is shorter than the filter, so it never leads behind what has come.
        _window.AsSpan(at, _filled - at).CopyTo(_window);
        _filled -= at;
        return written;
    }

    private static float Dot(ReadOnlySpan<float> samples, ReadOnlySpan<float> weights)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(samples);
        ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(weights);
        Vector<float> sum = Vector<float>.Zero;
        for (int i = 0; i < b.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return Vector.Sum(sum);
    }
}
