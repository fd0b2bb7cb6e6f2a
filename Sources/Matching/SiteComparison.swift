import MaterialsCore

/// Compares the sites of two crystals in one lattice.
struct SiteComparison {
    /// Mean of both lattices.
    private let lattice: Lattice
    /// Sites of the small crystal in the mapped cell.
    private let positions: [SIMD3<Double>]
    private let kinds: [UInt64]
    private let others: [SIMD3<Double>]
    private let otherKinds: [UInt64]
    /// A kind with the fewest sites, whose pairs give the translations to try.
    private let rarest: UInt64

    init(small: ReducedCrystal, mapping: LatticeMapping, multiple: Int, large: ReducedCrystal, target: Lattice) {
        lattice = Self.mean(mapping.lattice, target)
        // The mapped cell in units of the small one's vectors.
        let cell = Lattice(a: CartesianVector(mapping.rows[0]), b: CartesianVector(mapping.rows[1]), c: CartesianVector(mapping.rows[2]))
        let translations = Self.translations(cell, multiple)
        positions = translations.flatMap { t in
            small.positions.map { cell.fractional(CartesianVector($0.coordinates + t)).coordinates }
        }
        kinds = translations.flatMap { _ in small.kinds }
        others = large.positions.map(\.coordinates)
        otherKinds = large.kinds
        rarest = large.kindCounts.min { $0.count < $1.count }!.kind
    }

    /// The lattice of mean lengths and angles.
    private static func mean(_ l: Lattice, _ m: Lattice) -> Lattice {
        Lattice(lengths: 0.5 * (l.lengths + m.lengths), degrees: 0.5 * (l.degrees + m.degrees)) ?? m
    }

    /// The small cell's translations that differ in the mapped cell, as multiples of its own vectors.
    private static func translations(_ cell: Lattice, _ multiple: Int) -> [SIMD3<Double>] {
        if multiple == 1 { return [.zero] }
        var found: [SIMD3<Double>] = []
        var seen: Set<SIMD3<Int>> = []
        let reach = multiple
        for a in 0..<reach {
            for b in 0..<reach {
                for c in 0..<reach where found.count < multiple {
                    let n = SIMD3(Double(a), Double(b), Double(c))
                    let f = cell.fractional(CartesianVector(n)).coordinates
                    // Multiples of 1/multiple, so whole numbers tell them apart.
                    let steps = SIMD3<Int>(
                        Self.step(f.x, multiple), Self.step(f.y, multiple), Self.step(f.z, multiple))
                    if seen.insert(steps).inserted { found.append(n) }
                }
            }
        }
        return found
    }

    private static func step(_ f: Double, _ multiple: Int) -> Int {
        let n = Int((f * Double(multiple)).rounded()) % multiple
        return n < 0 ? n + multiple : n
    }

    /// The largest displacement in units of (volume per site)^⅓, of the translation for which it is least; nil where that is above the
    /// tolerance.
    func distance(within tolerance: Double) -> Double? {
        let unit = PortableMath.cbrt(lattice.volume / Double(positions.count))
        let anchor = kinds.firstIndex(of: rarest)!
        var best: Double?
        for other in others.indices where otherKinds[other] == rarest {
            let shift = others[other] - positions[anchor]
            // The anchors were put on one another; the mean displacement may move them apart by as much again.
            guard let vectors = displacements(shift, limit: 2 * (best ?? tolerance) * unit) else { continue }
            let mean = vectors.reduce(.zero, +) / Double(vectors.count)
            let worst = vectors.map { CartesianVector($0 - mean).length }.max()! / unit
            if worst <= best ?? tolerance { best = worst }
        }
        return best
    }

    /// Displacement of each site to the one it is assigned to, Å; nil where a site has none within the limit.
    private func displacements(_ shift: SIMD3<Double>, limit: Double) -> [SIMD3<Double>]? {
        let n = positions.count
        var costs = [Double](repeating: .infinity, count: n * n)
        var vectors = [SIMD3<Double>](repeating: .zero, count: n * n)
        for i in 0..<n {
            var hasPartner = false
            for j in 0..<n where kinds[i] == otherKinds[j] {
                let v = shortest(others[j] - positions[i] - shift)
                let squared = CartesianVector(v).squaredLength
                if squared > limit * limit { continue }
                (costs[i * n + j], vectors[i * n + j], hasPartner) = (squared, v, true)
            }
            if !hasPartner { return nil }
        }
        return cheapestAssignment(costs, size: n)?.enumerated().map { vectors[$0 * n + $1] }
    }

    /// The shortest vector among a difference and its images in the neighbouring cells, Å.
    private func shortest(_ difference: SIMD3<Double>) -> SIMD3<Double> {
        let f = difference - difference.rounded(.toNearestOrAwayFromZero)
        var best = lattice.cartesian(FractionalPosition(f)).angstroms
        var length = CartesianVector(best).squaredLength
        for a in -1...1 {
            for b in -1...1 {
                for c in -1...1 where a != 0 || b != 0 || c != 0 {
                    let v = lattice.cartesian(FractionalPosition(f + SIMD3(Double(a), Double(b), Double(c)))).angstroms
                    let l = CartesianVector(v).squaredLength
                    if l < length { (best, length) = (v, l) }
                }
            }
        }
        return best
    }
}
