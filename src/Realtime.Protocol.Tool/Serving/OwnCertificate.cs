using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary>A certificate that the user brings: one PEM file that holds it and its private key. What is wrong with the file is one line.</summary>
internal static class OwnCertificate
{
    /// <exception cref="ToolException">It cannot be used.</exception>
    public static X509Certificate2 Load(string file)
    {
        string pem;
        try
        {
            pem = File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unusable(file, failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : failure.Message, failure);
        }

        if (!pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            throw Unusable(file, "it holds no certificate in PEM form");
        }

        if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw Unusable(file, "it holds no private key. Put both into one file: cat certificate.pem key.pem > both.pem");
        }

        if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            throw Unusable(file, "its private key has a password. Take it off: openssl pkey -in key.pem -out open.pem");
        }

        try
        {
            using var loaded = X509Certificate2.CreateFromPem(pem, pem);

            // Some systems take a key only from a container, not from the memory in which it was read.
            return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw Unusable(file, $"its certificate and its private key do not go together, or one of them can't be read: {failure.Message}", failure);
        }
    }

    private static ToolException Unusable(string file, string why, Exception? failure = null) => new(ExitCode.UnusableInput, $"{file} can't be served with: {why.TrimEnd('.').ReplaceLineEndings(" ")}.", failure);
}
