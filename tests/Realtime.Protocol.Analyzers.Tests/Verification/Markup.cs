using System.Text;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>A source text in which <c>{|RT1001:…|}</c> marks what a rule is expected to report, and nothing else may be.</summary>
internal sealed record Markup(string Code, IReadOnlyList<Finding> Expected)
{
    public static Markup Parse(string text)
    {
        var code = new StringBuilder();
        var expected = new List<Finding>();
        var open = new Stack<(string Id, int Start)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i) is ['{', '|', 'R', 'T', ..])
            {
                var colon = text.IndexOf(':', i);
                open.Push((text[(i + 2)..colon], code.Length));
                i = colon;
            }
            else if (open.Count > 0 && text.AsSpan(i) is ['|', '}', ..])
            {
                var (id, start) = open.Pop();
                expected.Add(new Finding(start, id, code.ToString(start, code.Length - start)));
                i++;
            }
            else
            {
                code.Append(text[i]);
            }
        }

        Assert.True(open.Count == 0, "a mark in the test source is not closed");
        return new Markup(code.ToString(), [.. expected.Order()]);
    }
}
