namespace Perturbed.Functional

open System
open System.Buffers
open System.Numerics.Tensors
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open TorchSharp

// For the files of this project.
type internal Tensor = torch.Tensor

/// Numbers in memory that goes back to a pool.
[<Sealed>]
type internal PooledNumbers(count: int) =
    let numbers = ArrayPool<float>.Shared.Rent(max 1 count)

    member _.Span: Span<float> = Span(numbers, 0, count)

    member this.ReadOnly: ReadOnlySpan<float> = Span.op_Implicit this.Span

    interface IDisposable with
        member _.Dispose() = ArrayPool<float>.Shared.Return numbers

/// Numbers between tensors and the core, copied once: rounded or widened on the way.
module internal TensorMemory =

    /// The memory of a contiguous tensor of double precision on the CPU.
    let doubles (tensor: Tensor) : Span<float> =
        MemoryMarshal.Cast<byte, float> tensor.bytes

    let private singles (tensor: Tensor) : Span<float32> =
        MemoryMarshal.Cast<byte, float32> tensor.bytes

    /// The entries of an array of any rank, row-major, without a copy.
    let entries (values: Array) : Span<float> =
        if values.Length = 0 then
            Span.Empty
        else
            let first = &Unsafe.As<byte, float>(&MemoryMarshal.GetArrayDataReference values)
            MemoryMarshal.CreateSpan(&first, values.Length)

    /// Writes a tensor's values, row-major, where there is room for as many.
    let read (tensor: Tensor) (target: Span<float>) : unit =
        if target.Length > 0 then
            use _ = torch.NewDisposeScope()
            let detached = tensor.detach ()

            let local =
                if detached.device_type = DeviceType.CPU then
                    detached
                else
                    detached.cpu ()

            match local.dtype with
            | torch.ScalarType.Float64 -> (doubles (local.contiguous ())).CopyTo target
            | torch.ScalarType.Float32 ->
                TensorPrimitives.ConvertTruncating<float32, float>(
                    Span.op_Implicit (singles (local.contiguous ())),
                    target
                )
            | _ -> (doubles (local.to_type(torch.ScalarType.Float64).contiguous())).CopyTo target

    /// The first number that is NaN or ∞, or −1.
    let firstNotFinite (values: ReadOnlySpan<float>) : int =
        if
            values.Length = 0
            || Double.IsFinite(TensorPrimitives.MaxMagnitude<float> values)
        then
            -1
        else
            let mutable i = 0

            while Double.IsFinite values[i] do
                i <- i + 1

            i

    /// Numbers as a tensor of a shape, in single or double precision, on a device.
    let write (values: ReadOnlySpan<float>) (shape: int64[]) (dtype: torch.ScalarType) (device: torch.Device) : Tensor =
        let local = torch.empty (shape, dtype = Nullable dtype)

        if values.Length > 0 then
            if dtype = torch.ScalarType.Float64 then
                values.CopyTo(doubles local)
            else
                TensorPrimitives.ConvertTruncating<float, float32>(values, singles local)

        if device.``type`` = DeviceType.CPU then
            local
        else
            let there = local.``to`` device
            local.Dispose()
            there
