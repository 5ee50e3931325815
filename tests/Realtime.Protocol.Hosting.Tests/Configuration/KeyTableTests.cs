using System.Reflection;

namespace Realtime.Protocol.Hosting.Tests.Configuration;

/// <summary>The tables of keys against the types that they fill: a member that is added there and forgotten here fails.</summary>
public class KeyTableTests
{
    // Members whose key has another form than a name of their own.
    private static readonly Dictionary<string, string> OtherForms = new(StringComparer.Ordinal)
    {
        ["VoiceSessionOptions.Headers"] = "Headers:<name>",
        ["ToolUse.Name"] = "Session:ToolUse:Name",
    };

    private static readonly (Type Type, string Prefix)[] Objects =
    [
        (typeof(VoiceSessionOptions), ""),
        (typeof(Transport.MessageLimits), "Limits:"),
        (typeof(SessionConfiguration), "Session:"),
        (typeof(TurnTaking.Detection), "Session:TurnTaking:"),
        (typeof(TurnTaking.ServerVad), "Session:TurnTaking:"),
        (typeof(TurnTaking.SemanticVad), "Session:TurnTaking:"),
        (typeof(InputTranscription), "Session:Transcription:"),
        (typeof(InputNoiseReduction), "Session:NoiseReduction:"),
        (typeof(ContextTruncation), "Session:Truncation:"),
        (typeof(ToolUse), "Session:ToolUse:"),
        (typeof(ReconnectPolicy), "Reconnect:"),
    ];

    public static TheoryData<Type, string> Members
    {
        get
        {
            var members = new TheoryData<Type, string>();
            foreach ((Type type, _) in Objects)
            {
                members.AddRange([.. Settable(type).Select(member => (type, member.Name))]);
            }

            return members;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void EveryMember_HasAKey_OrAReasonWhyItIsSetInCode(Type type, string member)
    {
        string prefix = Objects.First(row => row.Type == type).Prefix;
        string key = OtherForms.GetValueOrDefault($"{type.Name}.{member}") ?? prefix + member;
        bool hasKey = VoiceSessionKeys.All.Any(row => row.Path == key || row.Path.StartsWith(key + ":", StringComparison.Ordinal));
        bool isInCode = VoiceSessionKeys.InCode.Any(row => row.Type == type && row.Name == member);

        Assert.True(hasKey ^ isInCode, $"{type.Name}.{member}: {(hasKey ? "has the key and a reason for none" : $"no key {key}, and no reason why it is set in code alone")}");
    }

    [Fact]
    public void EveryDelegate_IsSetInCode() =>
        Assert.All(
            Objects.SelectMany(static row => Settable(row.Type).Select(member => (row.Type, Member: member))).Where(static row => row.Member.PropertyType.IsAssignableTo(typeof(Delegate))),
            static row => Assert.Contains(VoiceSessionKeys.InCode, reason => reason.Type == row.Type && reason.Name == row.Member.Name));

    [Fact]
    public void NoReason_IsLeftBehind() =>
        Assert.All(VoiceSessionKeys.InCode, static row => Assert.Contains(Settable(row.Type), member => member.Name == row.Name));

    /// <summary>A type of a setting that is new has no line above; then this fails.</summary>
    [Fact]
    public void EveryTypeOfASetting_IsLookedInto()
    {
        IEnumerable<Type> types = Objects.SelectMany(static row => Settable(row.Type).Where(member => !VoiceSessionKeys.InCode.Any(reason => reason.Type == row.Type && reason.Name == member.Name)))
            .Select(static member => Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType)
            .Where(static type => type.Assembly.GetName().Name!.StartsWith("Realtime.Protocol", StringComparison.Ordinal) && !type.IsEnum);
        Type[] values = [typeof(RealtimeCredential), typeof(AudioEncoding), typeof(VoiceName), typeof(TurnTaking)];

        Assert.Empty(types.Distinct().Except(Objects.Select(static row => row.Type)).Except(values));
    }

    /// <summary>The sample of the tests of the binder has a value for each key; what is new needs one as well.</summary>
    [Fact]
    public void EveryKey_IsInTheSampleThatIsRead()
    {
        HashSet<string> sampled = new(Read.Root(BinderTests.Everything).GetSection("Voice").AsEnumerableOfPaths(), StringComparer.OrdinalIgnoreCase);
        string[] elsewhere = ["Headers:<name>", "Session:Voice:Custom", "Session:TurnTaking:Eagerness"];

        Assert.All(VoiceSessionKeys.All.Select(static row => row.Path).Except(elsewhere), path => Assert.Contains(sampled, known => (known + ":").StartsWith(path + ":", StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.DeclaringType == type || (type == typeof(VoiceSessionOptions) && property.DeclaringType!.IsAssignableFrom(type)))
        .Where(static property => property.SetMethod is not null || property.PropertyType == typeof(IDictionary<string, string>));
}
