import MaterialsCore

/// Finds the translations inside a cell that map every site onto one of its kind.
struct TranslationSearch {
    let lattice: Lattice
    let positions: [FractionalPosition]
    let kinds: [UInt64]
    /// Distance within which two positions count as one, Å.
    let tolerance: Double

    /// The cell that holds each site once: its lattice, and the sites kept; nil where the cell is primitive.
    func primitive() -> (lattice: Lattice, sites: [Int])? {
        let found = translations()
        if found.isEmpty { return nil }
        let multiple = found.count + 1
        guard let reduced = basis(found, multiple: multiple) else { return nil }
        let sites = distinctSites(in: reduced)
        return sites.count * multiple == positions.count ? (reduced, sites) : nil
    }

    /// Only differences between sites of the rarest kind can be translations.
    private func translations() -> [SIMD3<Double>] {
        var counts: [UInt64: Int] = [:]
        for kind in kinds { counts[kind, default: 0] += 1 }
        let rarest = counts.min { ($0.value, $0.key) < ($1.value, $1.key) }!
        if rarest.value == 1 { return [] }
        let anchors = kinds.indices.filter { kinds[$0] == rarest.key }
        let start = positions[anchors[0]].coordinates
        return anchors.dropFirst().map { nearest(positions[$0].coordinates - start) }.filter(isTranslation)
    }

    private func isTranslation(_ t: SIMD3<Double>) -> Bool {
        positions.indices.allSatisfy { i in
            positions.indices.contains { j in
                kinds[i] == kinds[j] && distance(positions[i].coordinates + t - positions[j].coordinates) <= tolerance
            }
        }
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
