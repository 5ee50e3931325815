using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Protocol.Benchmarks.Results;

/// <summary>A <see cref="MeasuredRun"/> as a file of JSON.</summary>
public static partial class RunFile
{
    public static void Write(string path, MeasuredRun run)
    {
        using FileStream file = File.Create(path);
        JsonSerializer.Serialize(file, run, Json.Default.MeasuredRun);
    }

    /// <exception cref="InvalidDataException">The file is not one that <c>ratios --json</c> wrote.</exception>
    public static MeasuredRun Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return JsonSerializer.Deserialize(file, Json.Default.MeasuredRun) ?? throw new InvalidDataException($"{path} holds no run.");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"{path} was not written by ratios --json: {wrong.Message}", wrong);
        }
    }

    [JsonSourceGenerationOptions(
        WriteIndented = true,
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        UseStringEnumConverter = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(MeasuredRun))]
    private sealed partial class Json : JsonSerializerContext;
}
