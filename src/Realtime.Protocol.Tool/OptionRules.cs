using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.CommandLine;

/// <summary>What the options of several commands take, and how each refuses the rest: in one sentence that names the option and what it was given. None is for options whose values may be secret.</summary>
internal static class OptionRules
{
    public static int? ParseNumber(ArgumentResult result, string what, int most, int least = 0)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes {what} from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}, not \"{text}\"");
        return null;
    }

    public static TimeSpan? ParseSpan(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Delay.TryParse(text, out Delay span) && span.Least == span.Most && span.Least > TimeSpan.Zero)
        {
            return span.Least;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes a span such as 500ms, 90s or 2m, up to 24 hours, not \"{text}\"");
        return null;
    }

    public static IPAddress? ParseAddress(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return address;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes an address such as 127.0.0.1, not \"{text}\"");
        return null;
    }

    public static void NoEmpty<T>(Option<T> option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && string.IsNullOrWhiteSpace(result.Tokens[0].Value))
        {
            result.AddError($"{option.Name} is empty; name something or leave it out");
        }
    });

    public static void OneOf<T>(Option<T> option, params string[] names)
    {
        option.CompletionSources.Add(names);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [Token { Value: string given }] && !names.Contains(given))
            {
                result.AddError($"{option.Name} takes {string.Join(" or ", names)}, not \"{given}\"");
            }
        });
    }
}
