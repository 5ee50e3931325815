using System.ComponentModel;
using System.Globalization;

namespace Realtime.Protocol;

/// <summary>Reads a credential from a text, for configuration binders. It never writes one.</summary>
internal sealed class RealtimeCredentialConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override bool CanConvertTo(ITypeDescriptorContext? context, Type? destinationType) => false;

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? new RealtimeCredential(text) : base.ConvertFrom(context, culture, value);
}
