namespace Perturbed.Functional

open System
open TorchSharp

/// Which tensors are batches of θ: any floating type, any device, any number of leading dimensions; the last one is
/// θ's.
module internal Shapes =

    let text (shape: int64[]) : string =
        let sizes = shape |> Array.map string |> String.concat ", "
        $"[{sizes}]"

    let private floating =
        [
            torch.ScalarType.Float16
            torch.ScalarType.BFloat16
            torch.ScalarType.Float32
            torch.ScalarType.Float64
        ]

    let requireFloating (name: string) (tensor: Tensor) : unit =
        if isNull (box tensor) then
            nullArg name

        if not (List.contains tensor.dtype floating) then
            invalidArg
                name
                $"{name} has the type {tensor.dtype}; a floating type is needed (Float16, BFloat16, Float32 or Float64)."

        if tensor.is_sparse then
            invalidArg name $"{name} is sparse; a dense tensor is needed."

    let requireTheta (tensor: Tensor) : unit =
        requireFloating "theta" tensor

        let shape = tensor.shape

        if shape.Length = 0 then
            invalidArg "theta" "theta is a scalar; its last dimension must be that of the oracle."

        if shape[shape.Length - 1] = 0L then
            invalidArg "theta" $"theta has the shape {text shape}; its last dimension must be at least 1."

    let requireLast (name: string) (tensor: Tensor) (expected: int64) (what: string) : unit =
        let shape = tensor.shape

        if shape[shape.Length - 1] <> expected then
            invalidArg name $"{name} has the shape {text shape}; its last dimension must be {what}, {expected}."

    /// A target may be of any type of real numbers: ranks and indicators are often whole.
    let requireTarget (name: string) (tensor: Tensor) (shape: int64[]) (what: string) : unit =
        if isNull (box tensor) then
            nullArg name

        if tensor.is_complex () then
            invalidArg name $"{name} has the type {tensor.dtype}; real numbers are needed."

        if tensor.is_sparse then
            invalidArg name $"{name} is sparse; a dense tensor is needed."

        if tensor.shape <> shape then
            invalidArg name $"{name} has the shape {text tensor.shape}; {what} has {text shape}."

    /// The number of rows of a batch: the product of all dimensions but the last, 1 for a vector.
    let rows (shape: int64[]) : int64 =
        let mutable count = 1L

        for i in 0 .. shape.Length - 2 do
            count <- count * shape[i]

        count

    /// The shape of an answer of width k to a batch.
    let withLast (shape: int64[]) (k: int64) : int64[] =
        Array.append (Array.sub shape 0 (shape.Length - 1)) [| k |]

    let leading (shape: int64[]) : int64[] = Array.sub shape 0 (shape.Length - 1)

    /// The type to calculate in: half precision has neither the range for sums nor every operation on the CPU.
    let working (tensor: Tensor) : torch.ScalarType =
        if tensor.dtype = torch.ScalarType.Float64 then
            torch.ScalarType.Float64
        else
            torch.ScalarType.Float32

    /// Whether autograd would record an operation on the tensor.
    let isRecorded (tensor: Tensor) : bool =
        tensor.requires_grad && torch.is_grad_enabled ()

    /// A copy of the values on the CPU, row-major.
    let values (tensor: Tensor) : float[] =
        let values = Array.zeroCreate (int (tensor.numel ()))
        TensorMemory.read tensor (Span values)
        values

    /// Refuses NaN and ∞ among values of rows of a width, by row and place.
    let requireFinite (name: string) (width: int64) (values: ReadOnlySpan<float>) : unit =
        match TensorMemory.firstNotFinite values with
        | -1 -> ()
        | i ->
            let row, value = int64 i / width, values[i]
            invalidArg name $"{name}[{row}, {int64 i % width}] is {value} (row {row}); every entry must be finite."

    /// The same of a tensor on the CPU. A check on another device would synchronise it.
    let requireFiniteOnCpu (name: string) (tensor: Tensor) : unit =
        if tensor.device_type = DeviceType.CPU && tensor.is_floating_point () then
            use _ = torch.NewDisposeScope()

            if not (tensor.detach().isfinite().all().item<bool>()) then
                requireFinite name tensor.shape[tensor.shape.Length - 1] (ReadOnlySpan(values tensor))
