using System.Globalization;
using System.Text;
using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>
/// <c>--session FILE.json</c>: a session as the protocol writes it, so that what another program sends can be tried as it is: the object alone, or a whole <c>session.update</c>. What the protocol
/// does not know goes along unchanged. What this program cannot keep is refused: other audio than its own, functions that nobody answers.
/// </summary>
internal sealed class SessionFile
{
    // A session is a page of text; whoever names a recording by mistake should not wait for it.
    private const int MostBytes = 1024 * 1024;

    private static readonly byte[] Head = """{"type":"session.update","session":"""u8.ToArray();

    private readonly string _path;
    private readonly Session _session;

    private SessionFile(string path, Session session, string? model) => (_path, _session, Model) = (path, session, model);

    /// <summary>The model that the file names; null where it names none.</summary>
    public string? Model { get; }

    /// <summary>True when the server decides where the user's turn ends; null where the file does not say.</summary>
    public bool? ServerTakesTurns => _session.Audio.Input.TurnDetection.Presence switch
    {
        Presence.Value => true,
        Presence.Null => false,
        _ => null,
    };

    /// <summary>Reads the file.</summary>
    /// <exception cref="ToolException">It is not a session that this program can have; the line says where and why.</exception>
    public static SessionFile Read(string path, Stream file)
    {
        byte[] text = new byte[MostBytes + 1];
        int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (length > MostBytes)
        {
            throw Unusable(path, $"holds more than {MostBytes:N0} bytes");
        }

        ReadOnlySpan<byte> json = text.AsSpan(0, length);
        int mark = json.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        json = json[mark..];
        int moved = -mark;
        bool isEvent = ClientEvent.TryRead(json, out ClientEvent read, out ReadError error);
        if (isEvent ? read.Kind == ClientEventKind.Unknown : !error.Path.StartsWith("session", StringComparison.Ordinal))
        {
            moved += Head.Length;
            byte[] update = [.. Head, .. json, (byte)'}'];
            isEvent = ClientEvent.TryRead(update, out read, out error);
        }

        if (!isEvent)
        {
            throw Unusable(path, string.Create(CultureInfo.InvariantCulture, $"is not a session of the protocol; at byte {Math.Max(0, error.Offset - moved)}: {error.Message}"));
        }

        return read.TryGetSessionUpdate(out SessionUpdateView stated)
            ? new SessionFile(path, stated.Session.ToWritable(), stated.Session.Model.HasValue ? stated.Session.Model.Raw.ToString() : null).Checked()
            : throw Unusable(path, "holds another event than session.update");
    }

    /// <summary>The functions that the model may call: those of the file, each with the program that answers it, and the other programs.</summary>
    /// <param name="answering">Of the command line.</param>
    /// <param name="programs">Those of the conversation.</param>
    /// <exception cref="ToolException">A function of the file has no program.</exception>
    public IReadOnlyList<VoiceTool> Tools(IReadOnlyList<CommandTool> answering, Programs programs)
    {
        List<VoiceTool> tools = [];
        List<CommandTool> others = [.. answering];
        foreach (Tool declared in _session.Tools)
        {
            if (declared is FunctionTool function)
            {
                string name = function.Name.ToString();
                CommandTool program = others.Find(program => program.Name == name)
                    ?? throw Unusable(_path, $"declares the function {Printable.Line(name)}, which nobody answers; add --tool '{Printable.Line(name)}=COMMAND'");
                others.Remove(program);
                tools.Add(program.Declare(function.Description.HasValue ? function.Description.ToString() : "", function.Parameters.HasValue ? Encoding.UTF8.GetString(function.Parameters.Utf8) : "{}", programs));
            }
        }

        return [.. tools, .. others.Select(program => program.Declare(programs))];
    }

    /// <summary>Adds to what the command line says, which wins, all that the file says.</summary>
    /// <param name="wire">As it goes to the service.</param>
    public void AddTo(Session wire)
    {
        wire.Instructions = wire.Instructions.HasValue ? wire.Instructions : _session.Instructions;
        wire.OutputModalities = wire.OutputModalities.HasValue ? wire.OutputModalities : _session.OutputModalities;
        wire.Modalities = _session.Modalities;
        wire.Voice ??= _session.Voice;
        wire.ToolChoice ??= _session.ToolChoice;
        wire.ParallelToolCalls ??= _session.ParallelToolCalls;
        wire.MaxOutputTokens ??= _session.MaxOutputTokens;
        wire.Truncation ??= _session.Truncation;
        wire.Reasoning = _session.Reasoning;
        wire.Prompt = _session.Prompt;
        wire.Tracing = _session.Tracing;
        wire.Include = _session.Include;
        wire.UnknownMembers = _session.UnknownMembers;
        AddSound(wire.Audio);

        // Functions came with their programs; servers of the service's own are called by the service.
        Tool[] servers = [.. Listed(_session.Tools).Where(static tool => tool is not FunctionTool)];
        if (servers.Length > 0)
        {
            wire.Tools = (Tool[])[.. Listed(wire.Tools), .. servers];
        }
    }

    private void AddSound(SessionAudio wire)
    {
        SessionAudio said = _session.Audio;
        wire.UnknownMembers = said.UnknownMembers;
        wire.Output.Voice ??= said.Output.Voice;
        wire.Output.Speed ??= said.Output.Speed;
        wire.Output.UnknownMembers = said.Output.UnknownMembers;
        wire.Input.NoiseReduction = said.Input.NoiseReduction;
        wire.Input.UnknownMembers = said.Input.UnknownMembers;
        wire.Input.Transcription = wire.Input.Transcription.Presence == Presence.Absent ? said.Input.Transcription : wire.Input.Transcription;
        wire.Input.TurnDetection = wire.Input.TurnDetection.Presence == Presence.Absent ? said.Input.TurnDetection : wire.Input.TurnDetection;
    }

    private static IEnumerable<Tool> Listed(FieldList<Tool> tools) => tools.HasValue ? tools.Items.ToArray() : [];

    private SessionFile Checked()
    {
        if (_session.Type.Known == SessionType.Transcription)
        {
            throw Unusable(_path, "is a session that only writes down, and this program wants an answer; set type to realtime");
        }

        ThrowIfOther(_session.Audio.Input.Format, "audio.input.format");
        ThrowIfOther(_session.Audio.Output.Format, "audio.output.format");
        if (_session.InputAudioFormat.HasValue || _session.OutputAudioFormat.HasValue || _session.TurnDetection.Presence != Presence.Absent)
        {
            throw Unusable(_path, "is in the form of the beta, which states input_audio_format, output_audio_format and turn_detection at the top; move them into audio.input and audio.output");
        }

        if (_session.Audio.Input.TurnDetection is { Presence: Presence.Value, Value: ServerVad { CreateResponse: false } or SemanticVad { CreateResponse: false } })
        {
            throw Unusable(_path, "sets create_response to false: the server would hear the end of your turn, and nobody would ask for the answer; leave it out");
        }

        return this;
    }

    // What this program speaks and plays; it converts nothing.
    private void ThrowIfOther(AudioFormat format, string member)
    {
        if (format.Type.HasValue && (format.Type.Known != AudioFormatType.AudioPcm || format.Rate is not (null or 24_000)))
        {
            throw Unusable(_path, $"asks for other audio than this program has, in {member}; it is audio/pcm at 24000 Hz, or leave it out");
        }
    }

    private static ToolException Unusable(string path, string why) => new(ExitCode.UnusableInput, $"{path} (--session) {why}.");
}
