import MaterialsCore

extension CIFBlock {
    /// Thinnest cell that is taken, Å between opposite faces.
    private static let thinnest = 0.01

    /// The lattice; parameters that the crystal system fixes may be missing.
    ///
    /// - Errors: `missing-cell`; `bad-cell` where no cell has these parameters, or a flat one
    func lattice(_ bytes: Span<UInt8>) throws(CIFDefect) -> Lattice {
        let (lengths, degrees) = completed(bytes)
        for value in [lengths.x, lengths.y, lengths.z, degrees.x, degrees.y, degrees.z] where value != value {
            throw CIFDefect("missing-cell", "cell lengths or angles are missing", at: 0)
        }
        let spacings = Lattice(lengths: lengths, degrees: degrees).map { $0.isSingular ? .zero : $0.planeSpacings }
        guard let lattice = Lattice(lengths: lengths, degrees: degrees), let spacings, spacings.min() >= Self.thinnest else {
            let parameters = "\(lengths.x), \(lengths.y), \(lengths.z) Å, \(degrees.x), \(degrees.y), \(degrees.z)°"
            throw CIFDefect("bad-cell", "no cell, or a flat one, has the parameters \(parameters)", at: 0)
        }
        return lattice
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
