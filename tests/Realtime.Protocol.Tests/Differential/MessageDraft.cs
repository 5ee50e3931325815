using System.Text;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>A member before it is written: the name without its quotes, the value as JSON text.</summary>
internal sealed record MemberDraft(string Name, string Value);

/// <summary>A message before it is written.</summary>
internal sealed class MessageDraft(string space)
{
    public List<MemberDraft> Members { get; } = [];

    public byte[] ToUtf8()
    {
        var text = new StringBuilder("{");
        foreach (MemberDraft member in Members)
        {
            text.Append(text.Length > 1 ? "," : "").Append(space).Append('"').Append(member.Name).Append("\":").Append(space.Length > 0 ? " " : "").Append(member.Value);
        }

        return Encoding.UTF8.GetBytes(text.Append(space).Append('}').ToString());
    }
}
