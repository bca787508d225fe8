namespace Perturbed.Functional

open System
open System.Collections.Concurrent
open System.Collections.Generic

/// The arrays of one call after another: each call takes arrays, all of which are free again at its end, so that calls
/// of the same sizes allocate none.
[<Sealed>]
type internal CallMemory private () =
    // Sizes come and go; beyond so many the arrays of all are dropped. Long arrays cost little beside what fills them.
    static let mostSizes, longest = 64, 1 <<< 21
    static let idle = ConcurrentBag<CallMemory>()

    let free = Dictionary<struct (Type * int), Stack<Array>>()
    let lent = List<Array>()

    /// An idle one, or a new one.
    static member Take() : CallMemory =
        match idle.TryTake() with
        | true, memory -> memory
        | _ -> CallMemory()

    /// An array of a length, with any entries.
    member _.Rent<'T>(length: int) : 'T[] =
        lock lent (fun () ->
            let array =
                match free.TryGetValue(struct (typeof<'T>, length)) with
                | true, arrays when arrays.Count > 0 -> arrays.Pop() :?> 'T[]
                | _ -> GC.AllocateUninitializedArray<'T> length

            lent.Add array
            array)

    /// Ends the call: its arrays are another's from now on.
    member this.Release() : unit =
        if free.Count > mostSizes then
            free.Clear()

        for array in lent do
            if array.Length <= longest then
                let key = struct (nonNull (array.GetType().GetElementType()), array.Length)

                match free.TryGetValue key with
                | true, arrays -> arrays.Push array
                | _ -> free[key] <- Stack [ array ]

        lent.Clear()
        idle.Add this

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal CallMemory =

    /// An array with any entries, of the caller's own where there is none.
    let rent (memory: CallMemory | null) (length: int) : 'T[] =
        match memory with
        | null -> GC.AllocateUninitializedArray<'T> length
        | memory -> memory.Rent length

    /// A copy.
    let copy (memory: CallMemory | null) (numbers: float[]) : float[] =
        let target = rent memory numbers.Length
        numbers.CopyTo(target, 0)
        target
