using System.Diagnostics.CodeAnalysis;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>
/// The scenarios of a folder, or the one of a file, for the connections of a host: each chooses one by its name. Files that were changed are
/// read again when <see cref="Refresh"/> is called; one that is broken now leaves the scenario before it in use. Any thread may call it.
/// </summary>
/// <remarks>
/// A scenario's name is its <c>name</c>, or else that of its file. A connection names it with <c>?scenario=</c>, or as its model; where there
/// is only one, a connection that names none gets it.
/// </remarks>
public sealed class ScenarioFolder : ISimulatorChoice
{
    // An editor finds the schema beside the scenarios.
    private const string SchemaEnding = ".schema.json";

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly bool _isFolder;
    private readonly Func<Scenario, SimulatorOptions> _play;
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private ScenarioFolder(string path, bool isFolder, Func<Scenario, SimulatorOptions> play) => (_path, _isFolder, _play) = (path, isFolder, play);

    /// <summary>The scenarios by their names, in the order of their names. A copy.</summary>
    public IReadOnlyDictionary<string, Scenario> Scenarios
    {
        get
        {
            lock (_gate)
            {
                return Named().ToDictionary(static entry => entry.Name, static entry => entry.Scenario!);
            }
        }
    }

    /// <summary>Whether each connection looks first whether a file was changed.</summary>
    public bool LooksEachTime { get; init; }

    /// <summary>Is told a line when a file was read again, or could not be used; on any thread, and it must not throw.</summary>
    public Action<string>? OnChange { get; init; }

    /// <summary>Reads a file, or every <c>*.json</c> of a folder that is no schema.</summary>
    /// <param name="path">The file or the folder; what is in folders below it is not read, and neither is what begins with a dot.</param>
    /// <param name="play">Makes a simulated server of a scenario; <see cref="Scenario.ToOptions"/> when null.</param>
    /// <param name="looksEachTime">See <see cref="LooksEachTime"/>.</param>
    /// <param name="onChange">See <see cref="OnChange"/>.</param>
    /// <exception cref="ScenarioException">A file cannot be used, two have the same name, or there is none.</exception>
    public static ScenarioFolder Load(string path, Func<Scenario, SimulatorOptions>? play = null, bool looksEachTime = false, Action<string>? onChange = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = new ScenarioFolder(path, Directory.Exists(path), play ?? (static scenario => scenario.ToOptions())) { LooksEachTime = looksEachTime, OnChange = onChange };
        foreach (string file in folder.Files())
        {
            var entry = new Entry(file);
            entry.Read(folder._play);
            folder.CheckName(entry);
            folder._entries.Add(file, entry);
        }

        return folder._entries.Count > 0 ? folder : throw new ScenarioException(path, 0, 0, "There is no scenario (*.json) in this folder.");
    }

    /// <inheritdoc/>
    public bool TryChoose(string? scenario, string? model, [NotNullWhen(true)] out SimulatorOptions? simulator, out string why)
    {
        if (LooksEachTime)
        {
            Refresh();
        }

        lock (_gate)
        {
            (Entry[] known, string? asked) = ([.. Named()], string.IsNullOrEmpty(scenario) ? model : scenario);
            Entry? chosen = Array.Find(known, entry => entry.Name == asked) ?? (known.Length == 1 && string.IsNullOrEmpty(scenario) ? known[0] : null);
            simulator = chosen?.Options;
            why = simulator is not null ? "" : Missing(asked, [.. known.Select(static entry => entry.Name)]);
            return simulator is not null;
        }
    }

    /// <summary>Reads what was changed since it was read, and what is new. What cannot be used now is told once, and the scenario before it stays.</summary>
    public void Refresh()
    {
        List<string> told = [];
        lock (_gate)
        {
            foreach (string file in Files().Union(_entries.Keys).ToArray())
            {
                Entry entry = _entries.GetValueOrDefault(file) ?? new Entry(file);
                if (!entry.IsChanged || entry.HasJustGone())
                {
                    continue;
                }

                try
                {
                    Entry next = new(file);
                    next.Read(_play);
                    CheckName(next);
                    _entries[file] = next;
                    told.Add($"{file} {(entry.Scenario is null ? "is new" : "was read again")}: scenario {next.Name}: {next.Scenario!.Size}");
                    told.AddRange(next.Scenario.Notes);
                }
                catch (ScenarioException fault)
                {
                    entry.Broke(fault);
                    _entries[file] = entry;
                    told.Add(entry.Scenario is null ? fault.Message : $"{fault.Message} The scenario before stays in use.");
                }
            }
        }

        told.ForEach(line => OnChange?.Invoke(line));
    }

    private static string Missing(string? asked, string[] known)
    {
        string names = $"There {(known.Length == 1 ? "is" : "are")} {string.Join(", ", known)}.";
        return string.IsNullOrEmpty(asked) ? $"Name a scenario with ?scenario= or as the model. {names}"
            : $"There is no scenario of this name.{Spelling.Meant(asked, known)} {names}";
    }

    // A new file that is broken has no scenario yet.
    private IEnumerable<Entry> Named() => _entries.Values.Where(static entry => entry.Scenario is not null).OrderBy(static entry => entry.Name, StringComparer.Ordinal);

    private string[] Files() => !_isFolder ? [_path]
        : Directory.Exists(_path) ? [.. Directory.EnumerateFiles(_path, "*.json").Where(IsScenario).Order(StringComparer.Ordinal)]
        : [];

    // What begins with a dot is not the author's: an editor's lock, or what another system leaves beside a file.
    private static bool IsScenario(string file) => !file.EndsWith(SchemaEnding, StringComparison.OrdinalIgnoreCase) && !Path.GetFileName(file).StartsWith('.');

    private void CheckName(Entry entry)
    {
        if (_entries.Values.FirstOrDefault(other => other.File != entry.File && other.Scenario is not null && other.Name == entry.Name) is { } other)
        {
            throw new ScenarioException(entry.File, 0, 0, $"The name \"{entry.Name}\" is taken by {other.File}.");
        }
    }

    /// <summary>A file and what was read of it.</summary>
    private sealed class Entry(string file)
    {
        private (string File, DateTime At, long Length)[] _seen = [];
        private IReadOnlyList<string> _lacked = [];
        private bool _wasGone;

        public string File => file;

        public string Name { get; private set; } = "";

        public Scenario? Scenario { get; private set; }

        public SimulatorOptions? Options { get; private set; }

        /// <summary>True when the file, or a sound that it names, is not as it was.</summary>
        public bool IsChanged => !_seen.SequenceEqual(Look());

        /// <summary>The file was there at the last look and is gone: an editor that keeps the old one under another name has none for a moment. It is believed at the next look.</summary>
        public bool HasJustGone()
        {
            bool wasGone = _wasGone;
            _wasGone = Scenario is not null && !System.IO.File.Exists(file);
            return _wasGone && !wasGone;
        }

        public void Read(Func<Scenario, SimulatorOptions> play)
        {
            // What is written while it is read is seen the next time.
            _seen = Look();
            Scenario = Scenario.Load(file);
            Name = Scenario.Name ?? Path.GetFileNameWithoutExtension(file);
            Options = play(Scenario) with { Scenario = Name };
            _seen = [.. _seen, .. Scenario.Files.Select(Look)];
        }

        /// <summary>It is broken as it is now: there is nothing new to be told until it, or a sound that it could not have, is changed again.</summary>
        public void Broke(ScenarioException fault)
        {
            _lacked = fault.Sounds;
            _seen = Look();
        }

        private (string File, DateTime At, long Length)[] Look() => [Look(file), .. (Scenario?.Files ?? []).Concat(_lacked).Select(Look)];

        private static (string File, DateTime At, long Length) Look(string path)
        {
            var info = new FileInfo(path);
            return info.Exists ? (path, info.LastWriteTimeUtc, info.Length) : (path, default, -1);
        }
    }
}
