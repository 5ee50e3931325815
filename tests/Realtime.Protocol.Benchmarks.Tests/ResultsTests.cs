using System.Globalization;
using System.Xml.Linq;
using Realtime.Protocol.Benchmarks.Ratios;
using Realtime.Protocol.Benchmarks.Results;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>What is made of a run: a file, tables in a page, a chart.</summary>
public class ResultsTests
{
    private const string Page = "before\n<!-- measured, AVX-512: begin -->\nother\n<!-- measured, AVX-512: end -->\nbetween\n<!-- measured, AVX2: begin -->\nold\n<!-- measured, AVX2: end -->\nafter\n";

    [Fact]
    public void File_KeepsEverythingOfARun()
    {
        string path = Path.GetTempFileName();
        try
        {
            RunFile.Write(path, Runs.Drawn());
            MeasuredRun read = RunFile.Read(path);

            Assert.Equal((Runs.Drawn().Date, "the command", Runs.Machine), (read.Date, read.Command, read.Machine));
            Assert.Equal(Runs.Drawn().Goals, read.Goals);
            Assert.Equal(Runs.Drawn().Skipped, read.Skipped);
            Assert.Equal(Runs.Drawn().Series.Select(Flat), read.Series.Select(Flat));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void File_ThatIsNoRun_IsRefusedByName()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{"date":"2026-11-21"}""");

            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => RunFile.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Report_ReplacesWhatStandsBetweenTheMarkersOfItsRow_AndNothingElse()
    {
        string page = Report.Insert(Page, Runs.Drawn());

        Assert.StartsWith("before\n<!-- measured, AVX-512: begin -->\nother\n<!-- measured, AVX-512: end -->\nbetween\n<!-- measured, AVX2: begin -->\n", page);
        Assert.EndsWith("<!-- measured, AVX2: end -->\nafter\n", page);
        Assert.DoesNotContain("old", page);
        Assert.Contains("2026-11-21 04:05 UTC, Test Processor, 2 cores, X64, AVX2", page);
        Assert.Contains("| P1 | 19,200 B of audio / bare base64 | 0.91 | 0.91 – 0.91 | ≤ 0.80 | **short** |", page);
        Assert.Contains("The goals are those for AVX2.", page);
        Assert.Contains($"| {Goals.All[^1].Id} | {Goals.All[^1].What} | skipped | | | what is missing |", page);
        Assert.Contains("| audio 19200 | Newtonsoft | 100 µs | 100 µs – 100 µs | 23,216 B |", page);
        Assert.Equal(page, Report.Insert(page, Runs.Drawn()));
    }

    [Theory]
    [InlineData("no markers")]
    [InlineData("<!-- measured, AVX-512: begin --> another row <!-- measured, AVX-512: end -->")]
    [InlineData("<!-- measured, AVX2: begin --> no end")]
    [InlineData("<!-- measured, AVX2: end --> the wrong way round <!-- measured, AVX2: begin -->")]
    public void Report_RefusesAPageWithoutItsMarkers(string page) => Assert.Throws<InvalidDataException>(() => Report.Insert(page, Runs.Drawn()));

    [Fact]
    public void Chart_NamesEveryBarWithTimeAndBytes()
    {
        string[] texts = [.. Texts(XDocument.Parse(Chart.Draw(Runs.Drawn())))];

        Assert.Equal(5, texts.Count(static text => text == "Realtime.Protocol"));
        Assert.Equal(3, texts.Count(static text => text == "1.00 µs 0 B"));
        Assert.Equal(3, texts.Count(static text => text == "100 µs 23,216 B"));
        Assert.Equal(["144 µs", "188 µs", "100 µs", "34.5 KB", "51.8 KB"], texts.Where(static text => text.EndsWith(" µs", StringComparison.Ordinal) || text.EndsWith(" KB", StringComparison.Ordinal)));
        Assert.Equal("2026-11-21, Test Processor, AVX2 (goals: row AVX2)", texts[^1]);
    }

    [Fact]
    public void Chart_BreaksOffTheBarsThatAreFarLonger_AndKeepsTheRestInProportion()
    {
        var chart = XDocument.Parse(Chart.Draw(Runs.Drawn()));
        double[] lengths = [.. chart.Descendants().Where(static element => element.Attribute("class")?.Value is "bar" or "ours").Select(static bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture)).Take(7)];

        Assert.Equal(3, chart.Descendants().Count(static element => element.Attribute("class")?.Value == "break"));
        Assert.Equal(lengths.Max(), lengths[^1]);
        Assert.Equal(1_000.0 / 1_100, lengths[0] / lengths[1], 0.01);
    }

    [Fact]
    public void Chart_OfAPartOfARun_SaysWhatIsMissing()
    {
        MeasuredRun part = Runs.Drawn() with { Series = [Runs.Drawn().Series[0]] };

        Assert.Contains("\"audio 19200\" by BareBase64", Assert.Throws<InvalidDataException>(() => Chart.Draw(part)).Message);
    }

    [Theory]
    [InlineData(9.876, "9.88 ns")]
    [InlineData(153.4, "153 ns")]
    [InlineData(2_627, "2.63 µs")]
    [InlineData(296_068, "296 µs")]
    [InlineData(41_000_000, "41.0 ms")]
    public void Time_HasThreeDigitsAndAUnit(double nanoseconds, string expected) => Assert.Equal(expected, Figures.Time(nanoseconds));

    [Theory]
    [InlineData(37_786, "36.9 KB")]
    [InlineData(1_022_976, "999 KB")]
    [InlineData(1_047_552, "1.00 MB")]
    [InlineData(1_048_576, "1.00 MB")]
    [InlineData(84_881_408, "80.9 MB")]
    public void Size_HasThreeDigitsAndAUnit(double bytes, string expected) => Assert.Equal(expected, Figures.Size(bytes));

    private static (string, string, double, double?) Flat(Series series) => (series.Comparison, series.Way, series.Values.Single(), series.BytesAllocated);

    private static IEnumerable<string> Texts(XDocument chart) => chart.Descendants().Where(static element => element.Name.LocalName == "text").Select(static text => text.Value);
}
