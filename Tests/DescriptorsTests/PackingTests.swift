import MaterialsCore
import Testing

@testable import Descriptors

@Suite struct PackingTests {
    /// Every cluster by enumeration of all shells around all centres.
    private func naiveDistances(radii: [Double], fractions: [Double], count: Int) -> [Double] {
        let (low, high) = (radii.min()!, radii.max()!)
        var found: [Double] = []
        for size in PackingEfficiency.best(ratio: low / high).neighbors...PackingEfficiency.best(ratio: high / low).neighbors {
            for center in radii.indices {
                for shell in shells(radii.count, size) {
                    let mean = zip(shell, radii).map { Double($0) * $1 }.reduce(0, +) / Double(size)
                    if abs(1 - PackingEfficiency.idealRatio(size) / (radii[center] / mean)) >= 0.01 { continue }
                    let squares = radii.indices.map { e in
                        let share = Double(shell[e] + (e == center ? 1 : 0)) / Double(size + 1)
                        return (share - fractions[e]) * (share - fractions[e])
                    }
                    found.append(squares.reduce(0, +).squareRoot())
                }
            }
        }
        return Array((found.sorted() + [Double](repeating: 1, count: count)).prefix(count))
    }

    /// Counts of each kind that add up to `total`.
    private func shells(_ kinds: Int, _ total: Int) -> [[Int]] {
        if kinds == 1 { return [[total]] }
        return (0...total).flatMap { first in shells(kinds - 1, total - first).map { [first] + $0 } }
    }

    @Test func nearestClustersEqualEnumeration() {
        var random = SplitMix64(seed: 21)
        for _ in 0..<60 {
            let kinds = 1 + random.nextInt(below: 4)
            let radii = (0..<kinds).map { _ in Double(105 + random.nextInt(below: 120)) }
            let amounts = (0..<kinds).map { _ in 0.05 + random.nextUnit() }
            let fractions = amounts.map { $0 / amounts.reduce(0, +) }
            var search = NearestClusters(radii: radii, fractions: fractions, count: 5, offset: 0)
            let expected = naiveDistances(radii: radii, fractions: fractions, count: 5)
            for (a, b) in zip(search.distances(), expected) { #expect(abs(a - b) < 1e-12, "\(radii) \(fractions)") }
        }
    }

    @Test func bestShellOfEqualSpheres() {
        let best = PackingEfficiency.best(ratio: 1)
        #expect(best.neighbors == 13 && abs(best.error - 0.023994) < 1e-12)
    }
}
