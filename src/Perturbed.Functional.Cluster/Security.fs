namespace Perturbed.Functional.Cluster

open System.Net.Security
open System.Security.Authentication
open System.Security.Cryptography.X509Certificates
open Orleans.Connections.Security

/// Mutual TLS by one authority: each end shows a certificate that the authority signed.
module internal Security =

    let private isTrusted (authority: X509Certificate2) (certificate: X509Certificate2 | null) : bool =
        match certificate with
        | null -> false
        | certificate ->
            use chain = new X509Chain()
            chain.ChainPolicy.TrustMode <- X509ChainTrustMode.CustomRootTrust
            chain.ChainPolicy.CustomTrustStore.Add authority |> ignore
            chain.ChainPolicy.RevocationMode <- X509RevocationMode.NoCheck
            chain.Build certificate

    let configure (certificate: X509Certificate2) (authority: X509Certificate2) (options: TlsOptions) : unit =
        options.LocalCertificate <- certificate
        options.SslProtocols <- SslProtocols.Tls12 ||| SslProtocols.Tls13
        options.RemoteCertificateMode <- RemoteCertificateMode.RequireCertificate
        options.ClientCertificateMode <- RemoteCertificateMode.RequireCertificate

        // Silos are found by address, so a certificate's signature counts, and not the name in it.
        options.RemoteCertificateValidation <-
            RemoteCertificateValidator(fun certificate _ _ -> isTrusted authority certificate)

        options.OnAuthenticateAsClient <-
            fun _ authentication -> authentication.TargetHost <- certificate.GetNameInfo(X509NameType.SimpleName, false)
