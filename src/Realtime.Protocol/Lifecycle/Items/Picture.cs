using System.Buffers.Text;
using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>A picture on the wire is an address, and one that holds the file itself is a <c>data:</c> address with base64. An address of another kind is not followed: its picture has no bytes.</summary>
internal static class Picture
{
    private const int LongestMediaType = 64;

    /// <summary>The address that holds this picture, as UTF-8.</summary>
    public static byte[] Write(ItemContent.Image image)
    {
        byte[] begin = Encoding.UTF8.GetBytes($"data:{image.MediaType};base64,");
        byte[] address = new byte[begin.Length + Base64.GetMaxEncodedToUtf8Length(image.Bytes.Length)];
        begin.CopyTo(address, 0);
        Base64.EncodeToUtf8(image.Bytes.Span, address.AsSpan(begin.Length), out _, out int written);
        return address.Length == begin.Length + written ? address : address[..(begin.Length + written)];
    }

    /// <summary>The picture of a part.</summary>
    public static ItemContent.Image Read(ContentPartView part, bool withBytes)
    {
        string? detail = part.Detail.HasValue ? part.Detail.Raw.ToString() : null;
        ReadOnlySpan<byte> address = FactOf.Utf8(part.ImageUrl);
        int comma = address[..Math.Min(address.Length, LongestMediaType)].IndexOf(";base64,"u8);
        if (!address.StartsWith("data:"u8) || comma < 0)
        {
            return new ItemContent.Image("") { Detail = detail };
        }

        string mediaType = Encoding.UTF8.GetString(address[5..comma]);
        ReadOnlySpan<byte> base64 = address[(comma + 8)..];
        byte[] file = withBytes ? new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)] : [];
        if (withBytes && Base64.DecodeFromUtf8(base64, file, out _, out int written) is System.Buffers.OperationStatus.Done && ImageSignature.IsOf(file.AsSpan(0, written), mediaType))
        {
            return new ItemContent.Image(file.AsMemory(0, written), mediaType) { Detail = detail };
        }

        return new ItemContent.Image(mediaType) { Detail = detail };
    }
}
