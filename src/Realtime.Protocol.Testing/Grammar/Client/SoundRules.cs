using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>The user's sound: how it is written, at which rate it comes, and when a turn is taken by hand.</summary>
internal sealed class SoundRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    private const long MostBytes = 15 * 1024 * 1024;
    private const int FewestBytes = 64;

    // A guess about the format looks at so many samples, and at so many different bytes.
    private const int FewestPairs = 100;
    private const int FewestDifferent = 12;
    private const int GatheredBytes = 640; // a multiple of eight

    // A rate is judged over so long, twice in a row; a pause or a burst in between is no rate.
    private const double Window = 5_000;
    private const double LongestGap = 250;

    // What a microphone may be set to, and by how much a clock may differ.
    private static readonly int[] Rates = [8_000, 16_000, 24_000, 44_100, 48_000];
    private const double Tolerance = 0.03;

    private double? _windowFrom;
    private double? _lastAt;
    private double _windowBytes;
    private int _wrongRate;
    private byte[]? _gathered;
    private int _gatheredLength;

    public override Asked Said(Asked asked, JsonElement json)
    {
        if (asked.Type == SaidSound.Type)
        {
            return asked with { Suspicion = Append(asked, json) };
        }

        if (asked.Type == "input_audio_buffer.commit" && Seen.Session is { DetectsTurns: true, IsDetecting: true })
        {
            // Whether it split anything shows when it is taken.
            return asked with { Suspicion = "commit-beside-vad", SpeechSince = Seen.Input.ServerCommitAt };
        }

        return asked;
    }

    public override void Said(ref SaidSound sound)
    {
        SoundFormat format = Seen.Session.InputFormat;
        bool isTooLarge = sound.Bytes > MostBytes;
        if (isTooLarge)
        {
            Verdicts.Broke("append-too-large", sound.ToAsked(), string.Create(CultureInfo.InvariantCulture, $"{sound.Bytes / 1048576.0:0.0} MiB in one event; 15 is the limit."));
        }

        // A piece of a millisecond is what some recorders leave of the sound. Of a format that is about to change nobody knows which one it is.
        if (format.IsPcm && sound.Bytes % 2 == 1 && sound.Bytes >= FewestBytes && !IsFormatAboutToChange())
        {
            Verdicts.Broke("append-odd-bytes", sound.ToAsked(), string.Create(CultureInfo.InvariantCulture, $"{sound.Bytes} bytes: half a sample is left over, all that follows is noise."));
        }

        LookInside(sound, format);
        Measure(sound, format);
        sound.Suspicion = isTooLarge ? "append-too-large" : null;
    }

    public override void Heard(string type, JsonElement json)
    {
        if (type == "input_audio_buffer.committed" && Seen.Input.LastCommit is { Suspicion: "commit-beside-vad", IsAnswered: false } commit)
        {
            commit.IsAnswered = true;
            Verdicts.Broke("commit-beside-vad", commit, "Turn detection is on: the server commits. Your commit split the user's sentence.");
        }
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked.Type == "input_audio_buffer.commit" && error.Code == "input_audio_buffer_commit_empty")
        {
            bool isRace = asked.Suspicion == "commit-beside-vad" && IsUnderWay(asked.SpeechSince, asked.At);
            Verdicts.Broke("commit-too-short", asked, Words.Held(error.Message), isRace);
            return true;
        }

        // What is wrong with a sound was told when it was said.
        return asked.Type == "input_audio_buffer.append" && asked.Suspicion is not null;
    }

    /// <summary>Judges a piece of sound.</summary>
    /// <returns>The rule for which the server will refuse it; null when it will not.</returns>
    private string? Append(Asked asked, JsonElement json)
    {
        if (json.At("audio") is not { ValueKind: JsonValueKind.String } sound)
        {
            return null;
        }

        ReadOnlySpan<byte> text = sound.Raw();
        if (SoundSize.Of(json, "audio") is not { } bytes)
        {
            bool isUrlSafe = text.IndexOfAny((byte)'-', (byte)'_') >= 0;
            string rule = isUrlSafe ? "append-url-safe" : "append-not-base64";
            Verdicts.Broke(rule, asked, isUrlSafe ? "'-' and '_' are not of this alphabet." : "'audio' is not base64.");
            return rule;
        }

        var piece = new SaidSound(asked.Number, asked.EventId, asked.At, text, bytes);
        Said(ref piece);
        return piece.Suspicion;
    }

    private bool IsFormatAboutToChange()
    {
        foreach (Asked update in Seen.Session.Updates)
        {
            if (update.InputFormat is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void LookInside(in SaidSound sound, SoundFormat format)
    {
        ReadOnlySpan<byte> text = sound.Text;
        Span<byte> sample = stackalloc byte[768];
        int length = Math.Min(1_024, text.Length & ~3);
        if (Base64.DecodeFromUtf8(text[..length], sample, out _, out int written, isFinalBlock: true) != OperationStatus.Done || written < FewestBytes)
        {
            return;
        }

        sample = sample[..written];
        if (IsBase64Text(sample))
        {
            Verdicts.Broke("append-base64-twice", sound.ToAsked(), "The sound is base64 of base64 text.");
        }
        else if (!format.IsPcm && LooksLikeSamples(sample))
        {
            Verdicts.Broke("append-wrong-format", sound.ToAsked(), $"The session says {Words.Name(format.Name)} and the bytes look like 16-bit samples.");
        }
        else if (format.IsPcm && !IsFormatAboutToChange() && IsG711(sample))
        {
            Verdicts.Broke("append-wrong-format", sound.ToAsked(), $"The session says {Words.Name(format.Name)} and the bytes look like G.711: audio/pcmu or audio/pcma.");
        }
    }

    // Silence of G.711 may be one letter over and over; text is not.
    private static bool IsBase64Text(ReadOnlySpan<byte> sample)
    {
        return sample.IndexOfAnyExcept(SaidSound.Base64Letters) < 0 && sample.IndexOfAnyExcept(sample[0]) >= 0;
    }

    // Of quiet 16-bit samples every second byte is 0 or 255, and the ones between are anything.
    private static bool LooksLikeSamples(ReadOnlySpan<byte> sample)
    {
        int high = 0;
        int low = 0;
        for (int place = 0; place + 1 < sample.Length; place += 2)
        {
            low += sample[place] is 0 or 255 ? 1 : 0;
            high += sample[place + 1] is 0 or 255 ? 1 : 0;
        }

        int pairs = sample.Length / 2;
        return pairs >= FewestPairs && high > pairs * 0.7 && low < pairs * 0.2;
    }

    // Telephones send 160 bytes at a time, too few to tell; so they are gathered.
    private bool IsG711(ReadOnlySpan<byte> sample)
    {
        if (_gatheredLength == 0 && sample.Length >= GatheredBytes)
        {
            return LooksLikeG711(sample[..GatheredBytes]);
        }

        _gathered ??= new byte[GatheredBytes];
        int taken = Math.Min(sample.Length, GatheredBytes - _gatheredLength);
        sample[..taken].CopyTo(_gathered.AsSpan(_gatheredLength));
        _gatheredLength += taken;
        if (_gatheredLength < GatheredBytes)
        {
            return false;
        }

        _gatheredLength = 0;
        return LooksLikeG711(_gathered);
    }

    // G.711 writes loudness in steps that double, and of speech most samples are on the quieter half of them: both laws write these with the second bit set, in odd places as in even
    // ones. The low bytes of 16-bit samples have it every other time. What is silent has few different bytes and may be anything.
    private static bool LooksLikeG711(ReadOnlySpan<byte> sample)
    {
        int quietEven = 0;
        int quietOdd = 0;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(sample))
        {
            quietEven += BitOperations.PopCount(eight & 0x0040_0040_0040_0040);
            quietOdd += BitOperations.PopCount(eight & 0x4000_4000_4000_4000);
        }

        if (Math.Min(quietEven, quietOdd) <= sample.Length / 2 * 0.7)
        {
            return false;
        }

        Span<bool> seen = stackalloc bool[512];
        seen.Clear();
        for (int place = 0; place < sample.Length; place++)
        {
            seen[((place & 1) * 256) + sample[place]] = true;
        }

        return Math.Min(seen[..256].Count(true), seen[256..].Count(true)) >= FewestDifferent;
    }

    private void Measure(in SaidSound sound, SoundFormat format)
    {
        if (sound.At is not { } now)
        {
            return;
        }

        if (_windowFrom is null || now - _lastAt > LongestGap)
        {
            (_windowFrom, _windowBytes, _wrongRate) = (now, 0, 0);
        }
        else if (now - _windowFrom >= Window)
        {
            Judge(sound, now - _windowFrom.Value, format);
            (_windowFrom, _windowBytes) = (now, 0);
        }

        _lastAt = now;
        _windowBytes += sound.Bytes;
    }

    private void Judge(in SaidSound sound, double elapsed, SoundFormat format)
    {
        int declared = format.IsPcm ? format.Rate : 8_000;
        double rate = _windowBytes / elapsed * 1_000 / (format.IsPcm ? 2 : 1);
        int actual = Array.Find(Rates, known => known != declared && Math.Abs(rate - known) < known * Tolerance);
        if (actual == 0)
        {
            _wrongRate = 0;
        }
        else if (_wrongRate != actual)
        {
            _wrongRate = actual;
        }
        else
        {
            Verdicts.Broke("append-wrong-rate", sound.ToAsked(), string.Create(CultureInfo.InvariantCulture,
                $"{_windowBytes / format.BytesPerMs / 1_000:0.0} s of sound come every {elapsed / 1_000:0.0} s: is this {actual / 1_000.0:0.#} kHz? The session takes {declared / 1_000.0:0.#} kHz."));
        }
    }
}
