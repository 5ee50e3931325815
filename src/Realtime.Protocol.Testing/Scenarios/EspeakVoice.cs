using System.Diagnostics;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>Words as espeak-ng speaks them, where that program is: raw PCM16 at 24,000 Hz. It runs when a scenario is loaded, never while one is played.</summary>
internal static class EspeakVoice
{
    private const string Program = "espeak-ng";

    // Of words that a test says it takes a tenth of a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Speaks.</summary>
    /// <param name="sentence">Why it did not.</param>
    public static bool TrySpeak(string language, string words, out ReadOnlyMemory<byte> spoken, out string sentence)
    {
        spoken = default;
        sentence = "";
        var start = new ProcessStartInfo(Program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-v", language, "--stdout", "--stdin", "-b", "1"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            using var output = new MemoryStream();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(output);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.BaseStream.Write(System.Text.Encoding.UTF8.GetBytes(words));
            process.StandardInput.Close();
            if (!process.WaitForExit(Patience) || !reading.Wait(Patience) || !errors.Wait(Patience))
            {
                process.Kill();
                sentence = $"{Program} did not end.";
                return false;
            }

            if (process.ExitCode != 0 || !WavSound.TryRead(output.ToArray(), out WavContent content) || content is not { Bits: 16, Channels: 1 } || content.Samples.IsEmpty)
            {
                sentence = $"{Program} has no voice \"{language}\", or cannot speak these words.";
                return false;
            }

            spoken = WavSound.Resample(content.Samples.Span, content.Rate);
            return true;
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or IOException)
        {
            sentence = $"{Program} is not here.";
            return false;
        }
    }
}
