namespace Perturbed.Functional.Remote

/// <summary>Which work of a pass a unit is: some rows whole, or some parts of one row.</summary>
/// <remarks>Parts of one row are a node of the partition's tree: 2^l of them from a multiple of 2^l on, or as many as
/// there are from it.</remarks>
[<Struct>]
type UnitRange =
    {
        /// The first row of the batch, from 0.
        Row: int
        /// How many rows.
        Rows: int
        /// The first part of each row, from 0.
        Part: int
        /// How many parts of each row.
        Parts: int
    }

/// <summary>What a unit gives: sums, and solutions where they were asked for, as bytes.</summary>
[<NoEquality; NoComparison>]
type UnitAnswer =
    {
        /// The states of the rows side by side, 8 bytes a number.
        States: byte[]
        /// The solutions of all samples in the oracle's encoding, then their values where those were asked for; empty
        /// where they were not asked for, or do not fit the encoding.
        Solutions: byte[]
    }
