namespace Perturbed.Functional

open DiffSharp
open Perturbed.Functional

/// y*_ε as an operation of its own, whose first derivative is that of the core.
module internal FirstOrder =

    // J u and gᵀJ at a fixed θ, each linear, so that each is the derivative of the other.
    let rec private forward
        (product: float[,] -> float[,])
        (transposed: float[,] -> float[,])
        (width: int)
        (height: int)
        (vector: Tensor)
        : Tensor =
        Tensor.Op
            { new UnaryOp("perturbedJacobian") with
                member _.fRaw(raw) =
                    let rows =
                        TensorRows.read "derivative" width "that of its value" (Tensor.ofRawTensor raw)

                    TensorRows.raw raw (TensorRows.withLast raw.Shape height) (product rows)

                member _.ad_dfda(_, tangent, _) =
                    forward product transposed width height tangent

                member _.fd_dfda(_, _, cotangent) =
                    forward transposed product height width cotangent
            }
            vector

    /// y*_ε at a θ that carries derivatives of one level.
    let maximizer (smoothed: Smoothed) (thetas: float[,]) (theta: Tensor) : Tensor =
        let d, k = smoothed.Oracle.Dimension, smoothed.Oracle.SolutionDimension
        let values, back = smoothed |> Batch.pullback thetas

        let product (tangents: float[,]) : float[,] =
            (smoothed |> Batch.jacobianVector tangents thetas).Value

        Tensor.Op
            { new UnaryOp("perturbedMaximizer") with
                member _.fRaw(raw) =
                    TensorRows.raw raw (TensorRows.withLast raw.Shape k) values

                member _.ad_dfda(_, tangent, _) = forward product back d k tangent
                member _.fd_dfda(_, _, cotangent) = forward back product k d cotangent
            }
            theta
