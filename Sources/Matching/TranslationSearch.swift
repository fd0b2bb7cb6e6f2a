import MaterialsCore

/// Finds the translations inside a cell that map every site onto one of its kind.
struct TranslationSearch {
    let lattice: Lattice
    let positions: [FractionalPosition]
    let kinds: [UInt64]
    /// Distance within which two positions count as one, Å.
    let tolerance: Double

    /// The cell that holds each site once: its lattice, the sites kept, and the largest distance between sites taken for one; nil where
    /// the cell is primitive.
    func primitive() -> (lattice: Lattice, sites: [Int], residual: Double)? {
        let found = translations()
        if found.isEmpty { return nil }
        let multiple = found.count + 1
        guard let reduced = basis(found.map(\.vector), multiple: multiple) else { return nil }
        let sites = distinctSites(in: reduced)
        return sites.count * multiple == positions.count ? (reduced, sites, found.map(\.residual).max()!) : nil
    }

    private struct Translation {
        var vector: SIMD3<Double>
        /// Largest distance of a moved site to the one it falls on, Å.
        var residual: Double
    }

    /// Only differences between sites of the rarest kind can be translations.
    private func translations() -> [Translation] {
        var counts: [UInt64: Int] = [:]
        for kind in kinds { counts[kind, default: 0] += 1 }
        let rarest = counts.min { ($0.value, $0.key) < ($1.value, $1.key) }!
        if rarest.value == 1 { return [] }
        let anchors = kinds.indices.filter { kinds[$0] == rarest.key }
        let start = positions[anchors[0]].coordinates
        let bins = SiteBins(positions.map { $0.wrapped.coordinates }, lattice, tolerance)
        return anchors.dropFirst().compactMap { anchor in
            let vector = nearest(positions[anchor].coordinates - start)
            return residual(of: vector, bins).map { Translation(vector: vector, residual: $0) }
        }
    }

    /// The largest distance of a moved site to one of its kind; nil where that is above the tolerance.
    private func residual(of t: SIMD3<Double>, _ bins: SiteBins) -> Double? {
        var largest = 0.0
        for i in positions.indices {
            let moved = FractionalPosition(positions[i].coordinates + t).wrapped.coordinates
            var shortest = Double.infinity
            bins.forEach(near: moved) { j in
                if kinds[i] == kinds[j] { shortest = min(shortest, distance(moved - positions[j].coordinates)) }
            }
            if !(shortest <= tolerance) { return nil }
            largest = max(largest, shortest)
        }
        return largest
    }

    /// The shortest three vectors among translations and lattice vectors that span the small cell.
    private func basis(_ translations: [SIMD3<Double>], multiple: Int) -> Lattice? {
        var vectors: [CartesianVector] = []
        for t in translations + [.zero] {
            for a in -1...1 {
                for b in -1...1 {
                    for c in -1...1 {
                        let f = t + SIMD3(Double(a), Double(b), Double(c))
                        if f != .zero { vectors.append(lattice.cartesian(FractionalPosition(f))) }
                    }
                }
            }
        }
        vectors = Array(
            vectors.enumerated().sorted { ($0.element.squaredLength, $0.offset) < ($1.element.squaredLength, $1.offset) }.map(\.element)
                .prefix(400))
        let volume = lattice.volume / Double(multiple)
        let shortest = vectors[0]
        for i in vectors.indices.dropFirst() {
            let normal = shortest.cross(vectors[i])
            guard normal.length > 1e-3 * shortest.length * vectors[i].length else { continue }
            for j in i + 1..<max(i + 1, vectors.count) where abs(abs(normal.dot(vectors[j])) - volume) < 0.05 * volume {
                return Lattice(a: shortest, b: vectors[i], c: vectors[j])
            }
        }
        return nil
    }

    private func distinctSites(in reduced: Lattice) -> [Int] {
        var kept: [Int] = []
        for i in positions.indices {
            let isNew = kept.allSatisfy { j in
                guard kinds[i] == kinds[j] else { return true }
                let f = reduced.fractional(lattice.cartesian(FractionalPosition(positions[i].coordinates - positions[j].coordinates)))
                return reduced.cartesian(FractionalPosition(nearest(f.coordinates))).length > 2 * tolerance
            }
            if isNew { kept.append(i) }
        }
        return kept
    }

    private func nearest(_ f: SIMD3<Double>) -> SIMD3<Double> { f - f.rounded(.toNearestOrAwayFromZero) }

    /// Good enough for positions that nearly coincide.
    private func distance(_ f: SIMD3<Double>) -> Double { lattice.cartesian(FractionalPosition(nearest(f))).length }
}

/// Sites in bins at least two tolerances wide.
private struct SiteBins {
    private let counts: SIMD3<Int>
    private var members: [Int: [Int]] = [:]

    init(_ positions: [SIMD3<Double>], _ lattice: Lattice, _ tolerance: Double) {
        let spacings = lattice.planeSpacings
        func bins(_ axis: Int) -> Int { max(1, min(32, Int(spacings[axis] / (2 * tolerance + 1e-3)))) }
        counts = SIMD3(bins(0), bins(1), bins(2))
        for (i, p) in positions.enumerated() { members[key(cell(p)), default: []].append(i) }
    }

    private func cell(_ p: SIMD3<Double>) -> SIMD3<Int> {
        SIMD3(
            min(counts.x - 1, Int(p.x * Double(counts.x))), min(counts.y - 1, Int(p.y * Double(counts.y))),
            min(counts.z - 1, Int(p.z * Double(counts.z))))
    }

    private func key(_ c: SIMD3<Int>) -> Int { (c.x * counts.y + c.y) * counts.z + c.z }

    /// Sites in the bin of a position in [0, 1) and in those around it; each once.
    func forEach(near p: SIMD3<Double>, _ body: (Int) -> Void) {
        let c = cell(p)
        func range(_ axis: Int) -> [Int] {
            let n = counts[axis]
            return n < 3 ? Array(0..<n) : [(c[axis] + n - 1) % n, c[axis], (c[axis] + 1) % n]
        }
        for x in range(0) {
            for y in range(1) {
                for z in range(2) { members[key(SIMD3(x, y, z))]?.forEach(body) }
            }
        }
    }
}
