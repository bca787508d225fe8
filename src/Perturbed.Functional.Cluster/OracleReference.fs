namespace Perturbed.Functional.Cluster

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Security.Cryptography
open System.Text
open Perturbed.Functional

/// <summary>An oracle by name and parameters, as silos make it.</summary>
[<NoComparison>]
type OracleReference =
    {
        /// The name of its factory in the registry.
        Name: string
        /// What the factory gets as text, such as the name of an instance, a path, or JSON; may be empty.
        Text: string
        /// What the factory gets as numbers, such as dimensions, weights or costs; may be empty.
        Numbers: float[]
    }

    /// The digest of name and parameters, by which messages name the oracle once a silo has made it.
    member this.Digest: string =
        let part (bytes: byte[]) =
            Array.append (BitConverter.GetBytes bytes.Length) bytes

        [|
            part (Encoding.UTF8.GetBytes this.Name)
            part (Encoding.UTF8.GetBytes this.Text)
            MemoryMarshal.AsBytes(ReadOnlySpan this.Numbers).ToArray()
        |]
        |> Array.concat
        |> SHA256.HashData
        |> Convert.ToHexString

    override this.ToString() =
        let text =
            if this.Text = "" then
                ""
            else
                $", text of {this.Text.Length} letters"

        $"{this.Name} ({this.Numbers.Length} numbers{text})"

/// What is known of an oracle that a registry made.
[<Sealed; AllowNullLiteral>]
type internal KnownOracle(reference: OracleReference, isElsewhere: bool) =
    member _.Reference: OracleReference = reference
    /// Only silos can solve with it.
    member _.IsElsewhere: bool = isElsewhere

module internal KnownOracles =

    let private table = ConditionalWeakTable<Oracle, KnownOracle>()

    let remember (reference: OracleReference) (isElsewhere: bool) (oracle: Oracle) : Oracle =
        table.AddOrUpdate(oracle, KnownOracle(reference, isElsewhere))
        oracle

    let tryFind (oracle: Oracle) : KnownOracle option =
        match table.TryGetValue oracle with
        | true, known -> Some known
        | false, _ -> None
