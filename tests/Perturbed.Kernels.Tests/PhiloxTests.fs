module Perturbed.Kernels.Tests.PhiloxTests

open Perturbed.Kernels
open Xunit

[<Fact>]
let ``Philox4x32-10 reproduces its published known-answer vectors`` () =
    let block key c0 c1 c2 c3 =
        let struct (a, b, c, d) = Philox.Block(key, c0, c1, c2, c3)
        [ a; b; c; d ]

    Assert.Equal<uint32 list>([ 0x6627e8d5u; 0xe169c58du; 0xbc57ac4cu; 0x9b00dbd8u ], block 0UL 0u 0u 0u 0u)

    Assert.Equal<uint32 list>(
        [ 0x408f276du; 0x41c83b0eu; 0xa20bc7c6u; 0x6d5451fdu ],
        block 0xffffffffffffffffUL 0xffffffffu 0xffffffffu 0xffffffffu 0xffffffffu
    )

    Assert.Equal<uint32 list>(
        [ 0xd16cfe09u; 0x94fdccebu; 0x5001e420u; 0x24126ea1u ],
        block 0x299f31d0a4093822UL 0x243f6a88u 0x85a308d3u 0x13198a2eu 0x03707344u
    )
