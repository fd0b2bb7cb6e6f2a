import MaterialsCore

/// Walks through the connected components of a periodic net and keeps track of the cells it passes.
struct PeriodicWalk {
    private var cells: [SIMD3<Int32>?]

    /// A walk over so many nodes, none of them met yet.
    init(count: Int) { cells = [SIMD3<Int32>?](repeating: nil, count: count) }

    /// True where some component so far holds the node.
    func hasMet(_ node: Int) -> Bool { cells[node] != nil }

    /// The nodes connected with `start`, ascending, and the translations along closed ways.
    /// - Parameter forEachEdge: calls back with the other node and its cell, counted from the node's own, for each edge of a node
    mutating func component(
        from start: Int, forEachEdge: (_ node: Int, _ body: (_ other: Int, _ offset: SIMD3<Int32>) -> Void) -> Void
    ) -> (nodes: [Int], translations: TranslationLattice) {
        var (nodes, head) = ([start], 0)
        var translations = TranslationLattice()
        cells[start] = .zero
        while head < nodes.count {
            let here = cells[nodes[head]]!
            forEachEdge(nodes[head]) { other, offset in
                let there = here &+ offset
                if let known = cells[other] {
                    translations.insert(there &- known)
                } else {
                    cells[other] = there
                    nodes.append(other)
                }
            }
            head += 1
        }
        return (nodes.sorted(), translations)
    }
}

/// The whole-number lattice that some translations span, as a triangular basis.
struct TranslationLattice {
    /// Row k starts with k zeros; a row of zeros is not in the basis.
    private var rows = [SIMD3<Int>](repeating: .zero, count: 3)

    /// Adds a translation.
    mutating func insert(_ translation: SIMD3<Int32>) { insert(SIMD3<Int>(truncatingIfNeeded: translation)) }

    /// Adds a translation.
    mutating func insert(_ translation: SIMD3<Int>) {
        var v = translation
        for axis in 0..<3 where v[axis] != 0 {
            // Euclid's algorithm on this column leaves the divisor in the basis and the rest for the next axis.
            var r = rows[axis]
            while v[axis] != 0 {
                let quotient = r[axis] / v[axis]
                (r, v) = (v, r &- v &* SIMD3(repeating: quotient))
            }
            rows[axis] = r
        }
        reduce()
    }

    /// Keeps the entries above the diagonal small.
    private mutating func reduce() {
        for axis in [2, 1] where rows[axis][axis] != 0 {
            for above in 0..<axis {
                rows[above] = rows[above] &- rows[axis] &* SIMD3(repeating: rows[above][axis] / rows[axis][axis])
            }
        }
    }

    /// Vectors that span it, as many as its rank.
    var basis: [SIMD3<Int>] { (0..<3).filter { rows[$0][$0] != 0 }.map { rows[$0] } }

    /// Independent directions.
    var rank: Int { (0..<3).count { rows[$0][$0] != 0 } }

    /// Cells for each translation of a lattice of rank 3; else 1.
    var index: Int { rank < 3 ? 1 : abs(rows[0].x * rows[1].y * rows[2].z) }
}
