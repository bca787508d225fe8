namespace Perturbed.Functional

/// What an annotation of a Stockholm file is about.
[<RequireQualifiedAccess>]
type StockholmSubject =
    /// The alignment: #=GF feature text.
    | Alignment
    /// A sequence: #=GS sequence feature text.
    | Sequence of name: string
    /// Each column: #=GC feature text, a character a column.
    | Columns
    /// Each place of a sequence: #=GR sequence feature text, a character a column.
    | Residues of name: string

/// A line of an alignment that is no sequence.
type StockholmAnnotation =
    {
        /// What it is about.
        Subject: StockholmSubject
        /// Its feature, such as ID or SS_cons.
        Feature: string
        /// Its text; the lines of one feature stay apart, but for those with a character a column.
        Text: string
    }

/// A sequence of an alignment.
type StockholmSequence =
    {
        /// Its name, such as HBA_HUMAN.
        Name: string
        /// <summary>A character a column: letters for residues, lower case where they are not aligned, and '.', '-',
        /// '_' or '~' for gaps.</summary>
        Row: string
    }

/// A multiple alignment of a Stockholm file.
type StockholmAlignment =
    {
        /// The sequences, all rows of one length, in the order of the file.
        Sequences: StockholmSequence[]
        /// The annotations, in the order of the file.
        Annotations: StockholmAnnotation[]
    }
