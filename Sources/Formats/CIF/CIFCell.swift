import MaterialsCore

extension CIFBlock {
    /// The lattice; parameters that the crystal system fixes may be missing.
    ///
    /// - Errors: `missing-cell`, `bad-lattice` (lengths or angles that none has), `singular-cell` (angles that make it flat)
    func lattice(_ bytes: Span<UInt8>) throws(CIFDefect) -> Lattice {
        let (lengths, degrees) = completed(bytes)
        for value in [lengths.x, lengths.y, lengths.z, degrees.x, degrees.y, degrees.z] where value != value {
            throw CIFDefect("missing-cell", "cell lengths or angles are missing", at: 0)
        }
        guard lengths.min() > 0, degrees.min() > 0, degrees.max() < 180 else {
            throw CIFDefect("bad-lattice", "no cell has \(Self.described(lengths, degrees))", at: 0)
        }
        guard let lattice = Lattice(lengths: lengths, degrees: degrees), !lattice.isSingular else {
            throw CIFDefect("singular-cell", "a cell of \(Self.described(lengths, degrees)) is flat", at: 0)
        }
        return lattice
    }

    private static func described(_ lengths: SIMD3<Double>, _ degrees: SIMD3<Double>) -> String {
        "a, b, c = \(lengths.x), \(lengths.y), \(lengths.z) Å and angles \(degrees.x), \(degrees.y), \(degrees.z)°"
    }

    /// Fills in what the crystal system says.
    private func completed(_ bytes: Span<UInt8>) -> (lengths: SIMD3<Double>, degrees: SIMD3<Double>) {
        var (l, d) = (lengths, degrees)
        func fill(_ value: inout Double, _ other: Double) { if value != value { value = other } }
        guard let start = crystalSystem.first else { return (l, d) }
        func isNamed(_ name: StaticString) -> Bool { CIFTokenizer.matches(bytes, start, name) }
        if isNamed("rhombohedral") {
            fill(&l.y, l.x)
            fill(&l.z, l.x)
            fill(&d.y, d.x)
            fill(&d.z, d.x)
            return (l, d)
        }
        let isCubic = isNamed("cubic")
        let isHexagonal = isNamed("hexagonal") || isNamed("trigonal")
        guard isCubic || isHexagonal || isNamed("tetragonal") || isNamed("orthorhombic") || isNamed("monoclinic") else { return (l, d) }
        if isCubic { fill(&l.z, l.x) }
        if isCubic || isHexagonal || isNamed("tetragonal") { fill(&l.y, l.x) }
        fill(&d.x, 90)
        if !isNamed("monoclinic") { fill(&d.y, 90) }
        fill(&d.z, isHexagonal ? 120 : 90)
        return (l, d)
    }
}
