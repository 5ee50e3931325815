using System.Text.RegularExpressions;

namespace Repository.Tests;

/// <summary>The usings at the top of each file stand in the order that .editorconfig asks for, which no compiler reports: namespaces with System first, then static ones, then aliases.</summary>
public partial class UsingOrderTests
{
    [Fact]
    public void Usings_StandInOrder()
    {
        List<string> wrong = [.. RepositoryFiles.All("*.cs").Where(static file => !IsInOrder(RepositoryFiles.Read(file)))];
        Assert.True(wrong.Count == 0, "Usings out of order: " + string.Join(", ", wrong));
    }

    [Theory]
    [InlineData("using System;\nusing System.Text;\nusing Abc;\nusing static Abc.Def;\nusing X = Abc.Def;\n\nnamespace N;\n", true)]
    [InlineData("using Abc;\nusing System;\n", false)]
    [InlineData("using System.Text;\nusing System;\n", false)]
    [InlineData("using static Abc.Def;\nusing Abc;\n", false)]
    [InlineData("using X = Abc.Def;\nusing Abc;\n", false)]
    [InlineData("// Why.\n\nglobal using Systems;\nglobal using System;\n", false)]
    [InlineData("using Abc;\n\nnamespace N;\n\nusing System;\n", true)]
    public void TheOrder_IsTold(string source, bool isInOrder) => Assert.Equal(isInOrder, IsInOrder(source));

    private static bool IsInOrder(string source)
    {
        List<Using> usings = [.. source.Split('\n').TakeWhile(static line => line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || line[0] == '#' || Pattern().IsMatch(line)).Select(static line => Pattern().Match(line)).Where(static match => match.Success).Select(static match => new Using(match))];
        return usings.SequenceEqual(usings.Order());
    }

    [GeneratedRegex(@"^(global )?using (?<static>static )?(?<alias>[\w]+ = )?(?<name>[^;]+);")]
    private static partial Regex Pattern();

    private readonly record struct Using(int Kind, bool IsForeign, string Name) : IComparable<Using>
    {
        public Using(Match match)
            : this(match.Groups["alias"].Success ? 2 : match.Groups["static"].Success ? 1 : 0, !$"{match.Groups["name"].Value}.".StartsWith("System.", StringComparison.Ordinal), match.Groups["alias"].Value + match.Groups["name"].Value)
        {
        }

        public int CompareTo(Using other) => (Kind, IsForeign, Name.ToUpperInvariant()).CompareTo((other.Kind, other.IsForeign, other.Name.ToUpperInvariant()));
    }
}
