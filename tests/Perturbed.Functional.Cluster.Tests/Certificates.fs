/// Certificates that live as long as a test.
module Perturbed.Functional.Cluster.Tests.Certificates

open System
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates

/// An authority, with its key.
let authority (name: string) : X509Certificate2 =
    use key = ECDsa.Create(ECCurve.NamedCurves.nistP256)
    let request = CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
    request.CertificateExtensions.Add(X509BasicConstraintsExtension(true, false, 0, true))
    let now = DateTimeOffset.UtcNow
    request.CreateSelfSigned(now.AddDays -1.0, now.AddDays 1.0)

/// A certificate that an authority signed, with its key.
let signed (name: string) (authority: X509Certificate2) : X509Certificate2 =
    use key = ECDsa.Create(ECCurve.NamedCurves.nistP256)
    let request = CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
    let now = DateTimeOffset.UtcNow

    use certificate =
        request.Create(authority, now.AddHours -1.0, now.AddHours 20.0, RandomNumberGenerator.GetBytes 8)

    use whole = certificate.CopyWithPrivateKey key
    X509CertificateLoader.LoadPkcs12(whole.Export X509ContentType.Pkcs12, null)
