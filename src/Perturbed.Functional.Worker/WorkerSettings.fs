namespace Perturbed.Functional.Worker

open System.IO
open System.Net
open System.Security.Cryptography
open System.Security.Cryptography.X509Certificates
open Argu
open Perturbed.Functional.Cluster

/// What the arguments say.
[<NoEquality; NoComparison>]
type internal WorkerSettings =
    {
        Clustering: Clustering
        Address: IPAddress | null
        SiloPort: int
        GatewayPort: int
        HealthPort: int voption
        Options: SiloOptions
        /// The silo's certificate and the authority's.
        Tls: struct (X509Certificate2 * X509Certificate2) voption
    }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal WorkerSettings =

    let private port (name: string) (value: int) : int =
        if value < 1 || value > 65535 then
            failwith $"{name} is {value}; a port is from 1 to 65535."

        value

    let private file (name: string) (path: string) : string =
        if not (File.Exists path) then
            failwith $"{name}: there is no file '{path}'."

        path

    let private certificate (path: string) (password: string) : X509Certificate2 =
        try
            X509CertificateLoader.LoadPkcs12FromFile(path, password)
        with :? CryptographicException as error ->
            failwith $"--certificate: '{path}' is no PKCS#12 file with this password. {error.Message}"

    let private tls (arguments: ParseResults<WorkerArguments>) =
        match arguments.TryGetResult Certificate, arguments.TryGetResult Authority with
        | None, None -> ValueNone
        | Some path, Some authority ->
            let password =
                match arguments.TryGetResult Password_File with
                | Some path -> (File.ReadAllText(file "--password-file" path)).TrimEnd('\r', '\n')
                | None -> ""

            let own = certificate (file "--certificate" path) password

            if not own.HasPrivateKey then
                failwith $"--certificate: '{path}' has no private key."

            ValueSome(struct (own, X509CertificateLoader.LoadCertificateFromFile(file "--authority" authority)))
        | _ -> failwith "Mutual TLS takes both --certificate and --authority."

    let private address (text: string) : IPAddress =
        match IPAddress.TryParse text with
        | true, address -> nonNull address
        | false, _ -> failwith $"--address is '{text}'; an IP address was expected."

    let ofArguments (arguments: ParseResults<WorkerArguments>) : WorkerSettings =
        let options = SiloOptions()

        {
            Clustering =
                match arguments.TryGetResult Redis with
                | Some connection -> Clustering.Redis connection
                | None ->
                    arguments.GetResult(Primary_Port, 11111)
                    |> port "--primary-port"
                    |> Clustering.Localhost
            Address = arguments.TryGetResult Address |> Option.map address |> Option.toObj
            SiloPort = arguments.GetResult(Silo_Port, 11111) |> port "--silo-port"
            GatewayPort = arguments.GetResult(Gateway_Port, 30000) |> port "--gateway-port"
            HealthPort =
                match arguments.TryGetResult Health_Port with
                | Some given -> ValueSome(port "--health-port" given)
                | None -> ValueNone
            Options =
                SiloOptions(
                    Threads = arguments.GetResult(Threads, options.Threads),
                    QueueLength = arguments.GetResult(Queue, options.QueueLength),
                    MaxDimension = arguments.GetResult(Max_Dimension, options.MaxDimension),
                    MaxSamples = arguments.GetResult(Max_Samples, options.MaxSamples),
                    MaxBytes = arguments.GetResult(Max_Bytes, options.MaxBytes)
                )
            Tls = tls arguments
        }
