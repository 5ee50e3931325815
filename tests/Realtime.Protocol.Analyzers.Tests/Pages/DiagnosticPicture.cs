using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.Classification;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Analyzers.Tests.Pages;

/// <summary>Lines of C# with their colours.</summary>
/// <param name="Parts">The pieces of each line, and what each one is to the compiler; empty where it is nothing of note.</param>
internal sealed record PicturedCode(IReadOnlyList<IReadOnlyList<(string Text, string Kind)>> Parts)
{
    public static PicturedCode Of(SourceText text, TextSpan shown, IEnumerable<ClassifiedSpan> classified)
    {
        var kinds = new string[text.Length];
        foreach (var span in classified)
        {
            // What is both, such as a static name of a method, is drawn as what it is first of all.
            if (!ClassificationTypeNames.AdditiveTypeNames.Contains(span.ClassificationType))
            {
                Array.Fill(kinds, ClassOf(span.ClassificationType), span.TextSpan.Start, span.TextSpan.Length);
            }
        }

        return new([.. text.Lines.Where(line => shown.Contains(line.Span) && line.Span.Length > 0).Select(line => Parted(text, line.Span, kinds))]);
    }

    public int Indentation => Parts.Min(static line => line[0].Text.Length - line[0].Text.TrimStart().Length);

    private static List<(string, string)> Parted(SourceText text, TextSpan line, string[] kinds)
    {
        var parts = new List<(string, string)>();
        for (var start = line.Start; start < line.End;)
        {
            var end = start + 1;
            while (end < line.End && kinds[end] == kinds[start])
            {
                end++;
            }

            parts.Add((text.ToString(TextSpan.FromBounds(start, end)), kinds[start] ?? ""));
            start = end;
        }

        return parts;
    }

    private static string ClassOf(string kind) => kind switch
    {
        ClassificationTypeNames.Keyword or ClassificationTypeNames.ControlKeyword => "k",
        ClassificationTypeNames.ClassName or ClassificationTypeNames.StructName or ClassificationTypeNames.RecordClassName => "t",
        ClassificationTypeNames.MethodName or ClassificationTypeNames.ExtensionMethodName => "m",
        ClassificationTypeNames.Comment => "c",
        ClassificationTypeNames.StringLiteral or ClassificationTypeNames.NumericLiteral => "s",
        _ => "",
    };
}

/// <summary>A mistake as an editor shows it, and the code after its fix, as a picture of its own: no font, script or file beside it, legible on light and on dark, and told in words to those who don't see it.</summary>
internal sealed record DiagnosticPicture(string Id, string Severity, string Message, string Fix, PicturedCode Before, int Line, int Column, int Length, PicturedCode After)
{
    private const int Width = 880;
    private const int Margin = 24;
    private const int CodeLeft = 64;
    private const int LineHeight = 26;
    private const double Letter = 8.4;
    private const int LettersOfAMessage = 100;

    private const string Style = """
        .card{fill:#fff;stroke:#d0d7de}.pop{fill:#f6f8fa;stroke:#d0d7de}.bad{fill:#ffebe9}.good{fill:#dafbe1}.sign{fill:#cf222e}.bulb{fill:#bf8700}.white{fill:none;stroke:#fff}
        .squiggle{fill:none;stroke:#cf222e;stroke-width:1.6}.rule{stroke:#d0d7de}
        text{fill:#1f2328;font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}.p,.h{font-family:system-ui,-apple-system,"Segoe UI","Noto Sans",Helvetica,Arial,"DejaVu Sans",sans-serif}
        .h{fill:#59636e;font-size:12px;letter-spacing:.04em}.b{font-weight:600}.n{fill:#818b98}.k{fill:#cf222e}.t{fill:#953800}.m{fill:#6639ba}.c{fill:#59636e}.s{fill:#0a3069}
        @media(prefers-color-scheme:dark){.card{fill:#0d1117;stroke:#3d444d}.pop{fill:#151b23;stroke:#3d444d}.bad{fill:#3c1618}.good{fill:#12311c}.sign{fill:#f85149}.bulb{fill:#d29922}.white{stroke:#0d1117}
        .squiggle{stroke:#f85149}.rule{stroke:#3d444d}text{fill:#f0f6fc}.h{fill:#9198a1}.n{fill:#656c76}.k{fill:#ff7b72}.t{fill:#ffa657}.m{fill:#d2a8ff}.c{fill:#9198a1}.s{fill:#a5d6ff}}
        """;

    private readonly StringBuilder _body = new();

    public string ToSvg()
    {
        _body.Clear();
        var y = 46;
        Heading(y, "WHAT YOU WROTE");
        y = Code(y + 12, Before, "bad");
        y = Popup(y + 14);
        Body($"""<path class="rule" d="M{Margin} {y + 14}H{Width - Margin}"/>""");
        Heading(y + 44, "AFTER THE FIX");
        y = Code(y + 56, After, "good");
        var height = y + Margin;
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" role="img" aria-labelledby="title desc">
            <title id="title">{Escape(Title)}</title>
            <desc id="desc">{Escape(Description)}</desc>
            <style>{Style}</style>
            <rect class="card" x=".5" y=".5" width="{Width - 1}" height="{height - 1}" rx="10"/>
            {_body.ToString().TrimEnd()}
            </svg>

            """.ReplaceLineEndings("\n");
    }

    /// <summary>What the picture shows, in one line: also the text in place of it on a page.</summary>
    public string Title => $"{Id} in an editor: the mistake underlined, the message, the fix that is offered, and the code after it";

    private string Description => $"The code is: {Words(Before)} Underlined is: {Underlined}. The {Severity} {Id} says: {Message}. The light bulb offers: {Fix}. The code after that is: {Words(After)}";

    private string Underlined => string.Concat(Before.Parts[Line].Select(static part => part.Text)).Substring(Column, Length);

    private static string Words(PicturedCode code) => string.Join(' ', code.Parts.Select(static line => string.Concat(line.Select(static part => part.Text)).Trim()));

    private void Heading(int y, string text) => Body($"""<text class="h b" x="{Margin}" y="{y}">{text}</text>""");

    // The line that the diagnostic is about has a ground of its own. A line's letters are as wide as the squiggle takes them to be, whatever the font.
    private int Code(int y, PicturedCode code, string ground)
    {
        Body($"""<rect class="{ground}" x="{Margin}" y="{y + (LineHeight * Line)}" width="{Width - (2 * Margin)}" height="{LineHeight}" rx="4"/>""");
        for (var line = 0; line < code.Parts.Count; line++)
        {
            var baseline = y + (LineHeight * line) + 18;
            var parts = code.Parts[line];
            var letters = parts.Sum(static part => part.Text.Length) - code.Indentation;
            Body($"""<text class="n" x="{Margin + 14}" y="{baseline}">{line + 1}</text>""");
            Body($"""<text x="{CodeLeft}" y="{baseline}" textLength="{Number(letters * Letter)}" lengthAdjust="spacingAndGlyphs">{string.Concat(parts.Select((part, index) => Part(index == 0 ? part.Text[code.Indentation..] : part.Text, part.Kind)))}</text>""");
        }

        if (ReferenceEquals(code, Before))
        {
            Squiggle(CodeLeft + ((Column - code.Indentation) * Letter), y + (LineHeight * Line) + 24, Length * Letter);
        }

        return y + (LineHeight * code.Parts.Count);
    }

    private void Squiggle(double x, double y, double length)
    {
        var path = new StringBuilder($"M{Number(x)} {Number(y)}");
        for (var step = 0; step < (int)(length / 3); step++)
        {
            path.Append(CultureInfo.InvariantCulture, $"l3 {(step % 2 == 0 ? -3 : 3)}");
        }

        Body($"""<path class="squiggle" d="{path}"/>""");
    }

    private int Popup(int y)
    {
        string[] lines = [.. Wrapped(Message)];
        var height = 86 + (20 * lines.Length);
        const int Left = CodeLeft;
        Body($"""<rect class="pop" x="{Left - 8}.5" y="{y}.5" width="{Width - Left - Margin + 8}" height="{height}" rx="8"/>""");
        Body($"""<circle class="sign" cx="{Left + 18}" cy="{y + 26}" r="9"/><path class="white" stroke-width="2" d="M{Left + 14} {y + 22}l8 8m0-8l-8 8"/>""");
        Body($"""<text x="{Left + 36}" y="{y + 31}"><tspan class="b">{Id}</tspan><tspan class="p c" dx="10">{Severity}</tspan></text>""");
        for (var line = 0; line < lines.Length; line++)
        {
            Body($"""<text class="p" x="{Left + 36}" y="{y + 56 + (20 * line)}">{Escape(lines[line])}</text>""");
        }

        var bulb = y + 64 + (20 * lines.Length);
        Body($"""<path class="bulb" d="M{Left + 18} {bulb - 13}a8 8 0 0 1 4 14.9v3.1h-8v-3.1a8 8 0 0 1 4-14.9zm-3.6 19.4h7.2v1.8h-7.2z"/>""");
        Body($"""<text class="p b" x="{Left + 36}" y="{bulb + 4}">{Escape(Fix)}</text>""");
        return y + height;
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length + word.Length > LettersOfAMessage)
            {
                yield return line.ToString().TrimEnd();
                line.Clear();
            }

            line.Append(word).Append(' ');
        }

        yield return line.ToString().TrimEnd();
    }

    private static string Part(string text, string kind) => kind.Length == 0 ? Escape(text) : $"""<tspan class="{kind}">{Escape(text)}</tspan>""";

    private static string Escape(string text) => new XText(text).ToString();

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private void Body(string element) => _body.Append(element).Append('\n');
}
