using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// A certificate for this machine that is its own authority: made at the start, good for a week, for <c>localhost</c> and both loopback addresses. Clients trust it when
/// they are given its PEM text as an authority (<c>NODE_EXTRA_CA_CERTS</c>, <c>SSL_CERT_FILE</c>, <c>curl --cacert</c>).
/// </summary>
internal static class ThrowAwayCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    // A client's clock may be behind ours.
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    /// <param name="address">Where the host listens, besides loopback.</param>
    public static X509Certificate2 Make(IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Realtime simulator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        if (!IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "Server Authentication")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow - Backdated, DateTimeOffset.UtcNow + Lifetime);

        // Some systems take a key only from a container, not from the memory in which it was made.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
