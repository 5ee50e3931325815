using System.Collections.Concurrent;
using Realtime.Protocol.Testing.Scenarios.Json;
using Realtime.Protocol.Testing.Simulation.Audio;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>
/// The sounds of a scenario that are not computed: files, and words that a program spoke. Each is read or made once, when the scenario is
/// loaded, and shared by all connections; in G.711 once more, when somebody needs it so.
/// </summary>
/// <param name="folder">Where the paths of files begin; empty for the current one.</param>
internal sealed class SoundShelf(string folder)
{
    private readonly ConcurrentDictionary<(Sound Sound, string Words, SpeechFormat Format), ReadOnlyMemory<byte>> _sounds = new();
    private readonly List<string> _notes = [];
    private readonly List<string> _files = [];
    private bool _voiceIsMissing;
    private Scenario? _filledFor;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Where the paths of files begin; empty for the current one.</summary>
    public string Folder => folder;

    /// <summary>The sounds that were read from files.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>True when everything is there that this scenario needs. Those that were made from it share its shelf.</summary>
    public bool IsFilledFor(Scenario scenario) => ReferenceEquals(Volatile.Read(ref _filledFor), scenario);

    /// <summary>Reads and makes what the scenario needs.</summary>
    /// <param name="at">The scenario's text, for the place of a fault.</param>
    public void Fill(Scenario scenario, Located at)
    {
        lock (_notes)
        {
            IReadOnlyList<Located> turns = at.Find("turns")?.Items ?? [];
            try
            {
                for (int i = 0; i < scenario.Turns.Count; i++)
                {
                    Fill(scenario.Turns[i].Do, turns[i].Find("do"));
                }

                Fill(scenario.Rest.Do ?? [], at.Find("otherwise"));
            }
            catch (ScenarioException fault)
            {
                fault.Sounds = [.. _files];
                throw;
            }

            Volatile.Write(ref _filledFor, scenario);
        }
    }

    /// <summary>A sound in a format; empty where a tone takes its place.</summary>
    public ReadOnlyMemory<byte> Find(Sound sound, string words, SpeechFormat format) => _sounds.TryGetValue(Key(sound, words, SpeechFormat.Pcm16), out ReadOnlyMemory<byte> pcm)
        ? _sounds.GetOrAdd(Key(sound, words, format), key => SpeechEncoding.Convert(pcm, SpeechFormat.Pcm16, key.Format))
        : default;

    private static (Sound Sound, string Words, SpeechFormat Format) Key(Sound sound, string words, SpeechFormat format) => (sound, sound is Sound.Voiced ? words : "", format);

    private void Fill(IReadOnlyList<ScenarioStep> steps, Located? at)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].Parts is { } parts)
            {
                Fill(parts, at!.Items[i].Find("parts"));
            }
            else if (steps[i] is { Audio: Sound.Recorded or Sound.Voiced, Say: { } words, Audio: { } sound } && !_sounds.ContainsKey(Key(sound, words, SpeechFormat.Pcm16)))
            {
                Fill(sound, words, at!.Items[i].Find("audio")!);
            }
        }
    }

    private void Fill(Sound sound, string words, Located at)
    {
        if (sound is Sound.Recorded recorded)
        {
            _files.Add(Path.Combine(folder, recorded.File));
            _sounds.TryAdd(Key(sound, words, SpeechFormat.Pcm16), WavSound.Read(folder, recorded.File, at.Find("wav")!));
            return;
        }

        var voiced = (Sound.Voiced)sound;
        if (EspeakVoice.TrySpeak(voiced.Language, words, out ReadOnlyMemory<byte> spoken, out string sentence))
        {
            _sounds.TryAdd(Key(sound, words, SpeechFormat.Pcm16), spoken);
        }
        else if (voiced.Required)
        {
            throw at.Fault(sentence);
        }
        else if (!_voiceIsMissing)
        {
            // One line is enough: what is missing for one step is missing for the next one.
            _voiceIsMissing = true;
            _notes.Add(at.Fault($"{sentence} A tone takes the place of the voice.").Message);
        }
    }
}
