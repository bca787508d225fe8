namespace Perturbed.Functional.Worker

open Argu

/// What a user writes.
type internal WorkerArguments =
    | Redis of connection: string
    | Primary_Port of port: int
    | Address of ip: string
    | Silo_Port of port: int
    | Gateway_Port of port: int
    | Health_Port of port: int
    | Threads of count: int
    | Queue of units: int
    | Max_Dimension of dimension: int
    | Max_Samples of samples: int64
    | Max_Bytes of bytes: int64
    | Certificate of file: string
    | Password_File of file: string
    | Authority of file: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Redis _ ->
                "find other silos by a table in Redis, such as localhost:6379; without it, on this machine alone."
            | Primary_Port _ -> "on this machine alone: the port of the first silo, 11111 where left out."
            | Address _ -> "the address that other silos and clients reach this one at, with --redis."
            | Silo_Port _ -> "the port for other silos, 11111 where left out."
            | Gateway_Port _ -> "the port for clients, 30000 where left out."
            | Health_Port _ -> "answer GET /health at this port of all addresses; no such answer where left out."
            | Threads _ -> "how many units are computed at once; one a processor where left out."
            | Queue _ -> "how many units may wait, 256 where left out."
            | Max_Dimension _ -> "the largest dimension, a million where left out."
            | Max_Samples _ -> "the most samples of a unit, 100 million where left out."
            | Max_Bytes _ -> "the most bytes that a unit may take, 268435456 where left out."
            | Certificate _ -> "mutual TLS: this silo's certificate with its key, a PKCS#12 file."
            | Password_File _ -> "the file with the certificate's password; none where left out."
            | Authority _ -> "mutual TLS: the certificate that signed those of all silos and clients, a PEM file."
