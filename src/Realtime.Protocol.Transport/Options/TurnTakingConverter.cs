using System.ComponentModel;
using System.Globalization;

namespace Realtime.Protocol;

/// <summary>Reads who takes the turns from one word, for configuration binders.</summary>
internal sealed class TurnTakingConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value switch
    {
        "manual" => TurnTaking.Manual,
        "server_vad" => new TurnTaking.ServerVad(),
        "semantic_vad" => new TurnTaking.SemanticVad(),
        string => throw new FormatException("The turns are taken by none of \"manual\", \"server_vad\" and \"semantic_vad\"."),
        _ => base.ConvertFrom(context, culture, value),
    };
}
