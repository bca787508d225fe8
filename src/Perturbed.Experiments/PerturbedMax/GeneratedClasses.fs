namespace Perturbed.Experiments

open Perturbed.Functional

/// <summary>A classification problem that no affine model solves: ten classes, each a mixture of clusters in random
/// places.</summary>
[<RequireQualifiedAccess>]
module GeneratedClasses =

    /// Classes of the set.
    [<Literal>]
    let Classes = 10

    /// Dimension of the inputs.
    [<Literal>]
    let Dimension = 30

    // Of each class: so its mean says little.
    let private clusters = 4
    // The distance of two centres is about √(2·30) times this; the clusters have deviation 1 in each direction.
    let private spread = 0.75

    /// <summary>Draws examples.</summary>
    /// <param name="count">How many, at least 1; classes take turns.</param>
    /// <param name="first">The number of the first one: other numbers of the same key are other examples of the same
    /// classes.</param>
    /// <param name="key">The key of centres and examples.</param>
    /// <returns>Inputs [count × 30], targets [count × 10] with a 1 at the class.</returns>
    let create (count: int) (first: int) (key: Key) : Examples =
        let centres =
            Noise.gaussian |> Noise.sample Dimension (Classes * clusters) (Key.fold 0 key)

        let row i =
            let drawn =
                Noise.gaussian
                |> Noise.sample (Dimension + 1) 1 (key |> Key.fold 1 |> Key.fold (first + i))

            // The quarter of the normal law that the last number falls into.
            let z = drawn[0, Dimension]

            let quarter =
                (if z > 0.0 then 2 else 0) + (if abs z > 0.6744897501960817 then 1 else 0)

            let centre = (first + i) % Classes * clusters + quarter
            Array.init Dimension (fun c -> spread * centres[centre, c] + drawn[0, c])

        let rows = Array.init count row

        Examples.create
            (Array2D.init count Dimension (fun r c -> rows[r][c]))
            (Array2D.init count Classes (fun r c -> if (first + r) % Classes = c then 1.0 else 0.0))
