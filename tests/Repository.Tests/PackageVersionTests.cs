using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Repository.Tests;

/// <summary>Versions are exact, stated in one place, each with its reason.</summary>
public partial class PackageVersionTests
{
    [Fact]
    public void EveryVersion_IsExactAndHasAReason()
    {
        XDocument packages = XDocument.Parse(RepositoryFiles.Read("Directory.Packages.props"));
        foreach (XElement group in packages.Descendants("ItemGroup"))
        {
            bool explained = false;
            foreach (XNode node in group.Nodes())
            {
                explained |= node is XComment;
                if (node is XElement version)
                {
                    Assert.True(explained, $"{version.Attribute("Include")?.Value} has no reason above it");
                    Assert.Matches(Exact(), version.Attribute("Version")!.Value);
                }
            }
        }
    }

    [Fact]
    public void NoProject_StatesAVersionOfItsOwn() =>
        Assert.All(
            RepositoryFiles.All("*.csproj").Where(static path => !path.Contains("PackageConsumer", StringComparison.Ordinal)),
            static path => Assert.DoesNotContain(XDocument.Parse(RepositoryFiles.Read(path)).Descendants("PackageReference"), static reference => reference.Attribute("Version") is not null));

    [GeneratedRegex(@"^\d+\.\d+\.\d+$")]
    private static partial Regex Exact();
}
