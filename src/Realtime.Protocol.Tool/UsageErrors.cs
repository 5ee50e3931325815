using System.CommandLine;
using System.CommandLine.Parsing;

namespace Realtime.Protocol.CommandLine;

/// <summary>
/// What is wrong with a command line, as one line that names the word to change. The parser knows no misspelt option: it takes
/// one for a file, and then complains of the file behind it.
/// </summary>
internal static class UsageErrors
{
    /// <summary>The line.</summary>
    /// <param name="parsed">A command line with an error.</param>
    public static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = command is RootCommand ? "realtime" : $"realtime {command.Name}";
        string what = What(parsed, command).ReplaceLineEndings(" ").TrimEnd('.');
        return $"{what}{(what.EndsWith('?') ? "" : ".")} See {name} --help.";
    }

    /// <summary>Refuses an option's name among the values of an argument.</summary>
    public static void NoOption(Argument argument, Command command) => argument.Validators.Add(result =>
    {
        if (result.Tokens.FirstOrDefault(static token => IsOption(token.Value))?.Value is { } given)
        {
            result.AddError($"{NoSuchOption(given, command)}; a file of that name is ./{given}");
        }
    });

    /// <summary>Refuses words that would be taken for a program to run, unless they stand behind <c>--</c>: one that is mistyped would be run. Refuses <c>--</c>, too, with nothing behind it.</summary>
    /// <exception cref="ToolException">It does.</exception>
    public static void OnlyBehindDashes(ParseResult parsed, Argument<string[]> argument)
    {
        int behind = parsed.Tokens.SkipWhile(static token => token.Type != TokenType.DoubleDash).Count(static token => token.Type != TokenType.DoubleDash);
        if (parsed.Tokens.Any(static token => token.Type == TokenType.DoubleDash) && (behind == 0 || string.IsNullOrWhiteSpace(parsed.GetValue(argument)?[0])))
        {
            // A pipeline whose command is an empty variable would be served for ever.
            throw new ToolException(ExitCode.UnusableInput, $"Behind -- stands no program to run: name one, or leave -- out. See realtime {parsed.CommandResult.Command.Name} --help.");
        }

        if (parsed.GetResult(argument) is { } result && result.Tokens.Count > behind)
        {
            string extra = result.Tokens[0].Value;
            Command command = parsed.CommandResult.Command;
            string what = IsOption(extra) ? NoSuchOption(extra, command) : $"\"{extra}\" is one word too many; a program to run stands behind --";
            throw new ToolException(ExitCode.UnusableInput, $"{what}. See realtime {command.Name} --help.");
        }
    }

    private static string What(ParseResult parsed, Command command)
    {
        if (command is RootCommand && parsed.UnmatchedTokens is [string first, ..])
        {
            return $"There is no {(IsOption(first) ? "option" : "command")} \"{first}\"; the commands are {string.Join(", ", command.Subcommands.Select(static command => command.Name))}";
        }

        string? unknown = parsed.UnmatchedTokens.FirstOrDefault(IsOption);
        if (unknown is not null)
        {
            return NoSuchOption(unknown, command);
        }

        // Before the words that found no place, since the word that took it may be what is wrong.
        string[] own = [.. parsed.Errors.Where(static error => error.SymbolResult is OptionResult or ArgumentResult).Select(static error => error.Message)];
        return own is [string message, ..] ? message
            : parsed.UnmatchedTokens is [string extra, ..] ? $"\"{extra}\" is one word too many"
            : parsed.Errors[0].Message;
    }

    private static string NoSuchOption(string given, Command command) =>
        $"There is no option \"{given}\"; realtime {command.Name} takes {string.Join(", ", command.Options.Where(static option => !option.Hidden).Select(static option => option.Name))}";

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';
}
