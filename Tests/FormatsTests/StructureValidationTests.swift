import MaterialsCore
import TestSupport
import Testing

@testable import Formats

private func cubic(_ a: Double) -> Lattice {
    Lattice(a: CartesianVector(a, 0, 0), b: CartesianVector(0, a, 0), c: CartesianVector(0, 0, a))
}

private func structure(_ lattice: Lattice, _ positions: [(Double, Double, Double)], _ periodicity: Periodicity = .full) -> CrystalStructure
{
    CrystalStructure(
        lattice: lattice, periodicity: periodicity, atomicNumbers: positions.map { _ in 8 },
        positions: positions.map { FractionalPosition($0.0, $0.1, $0.2) })
}

private func reason(_ s: CrystalStructure) -> String? {
    do throws(CandidateDefect) {
        try StructureValidation.check(s)
        return nil
    } catch { return error.reason }
}

private func vector(_ random: inout SplitMix64, _ scale: Double) -> SIMD3<Double> {
    SIMD3((0..<3).map { _ in scale * (2 * random.nextUnit() - 1) })
}

@Suite struct StructureValidationTests {
    @Test func takesOrdinaryStructures() {
        #expect(reason(structure(cubic(3), [(0, 0, 0), (0.5, 0.5, 0.5)])) == nil)
        #expect(reason(structure(cubic(1), [(0, 0, 0), (7, -3, 0.5)], .none)) == nil)
    }

    @Test func refusesImpossibleCells() {
        let x = CartesianVector(3, 0, 0)
        let y = CartesianVector(0, 3, 0)
        let flat = Lattice(a: x, b: y, c: CartesianVector(1, 1, 0))
        #expect(reason(structure(flat, [(0, 0, 0)])) == "singular-cell")
        #expect(reason(structure(cubic(0), [(0, 0, 0)])) == "singular-cell")
        #expect(reason(structure(cubic(0.05), [(0, 0, 0)])) == "singular-cell")
        #expect(reason(structure(Lattice(a: x, b: y, c: CartesianVector(0, 0, 0.05)), [(0, 0, 0)])) == "singular-cell")
        #expect(reason(structure(cubic(2e6), [(0, 0, 0)])) == "bad-lattice")
        #expect(reason(structure(cubic(.nan), [(0, 0, 0)])) == "bad-lattice")
        #expect(reason(structure(cubic(.infinity), [(0, 0, 0)])) == "bad-lattice")
    }

    @Test func refusesImpossibleEntries() {
        let good = structure(cubic(3), [(0, 0, 0), (0.5, 0, 0)])
        func changed(_ change: (inout CrystalStructure) -> Void) -> String? {
            var s = good
            change(&s)
            return reason(s)
        }
        #expect(changed { $0.atomicNumbers[1] = 0 } == "bad-element")
        #expect(changed { $0.atomicNumbers[1] = 119 } == "bad-element")
        #expect(changed { $0.positions[1] = FractionalPosition(.nan, 0, 0) } == "bad-position")
        #expect(changed { $0.positions[1] = FractionalPosition(0, 0, -.infinity) } == "bad-position")
        #expect(changed { $0.positions[1] = FractionalPosition(0, 1e18, 0) } == "bad-position")
        for occupancy in [0, -1, 7, .nan, .infinity, 1.001] {
            #expect(changed { ($0.occupancies, $0.sites) = ([1, occupancy], [0, 1]) } == "bad-occupancy", "\(occupancy)")
        }
        #expect(changed { ($0.occupancies, $0.sites) = ([0.5, 0.5], [0, 1]) } == nil)
        #expect(reason(structure(cubic(3), [])) == "no-atoms")
        let many = CrystalStructure(
            lattice: cubic(3), atomicNumbers: [UInt8](repeating: 1, count: 1_000_001),
            positions: [FractionalPosition](repeating: FractionalPosition(0, 0, 0), count: 1_000_001))
        #expect(reason(many) == "too-many-atoms")
    }

    @Test func namesOverlappingSites() {
        let s = structure(cubic(4), [(0, 0, 0), (0.5, 0.5, 0.5), (0.999, 1.0005, -0.0005)])
        do throws(CandidateDefect) {
            try StructureValidation.check(s)
            Issue.record("not refused")
        } catch {
            #expect(error.reason == "overlapping-sites")
            #expect(error.detail == "atoms 1 (O) and 3 (O) are 0.0049 Å apart")
        }
        // Without periodicity the two are far apart; a shared site is no overlap.
        #expect(reason(structure(cubic(4), [(0, 0, 0), (0.999, 1.0005, -0.0005)], .none)) == nil)
        var shared = structure(cubic(4), [(0, 0, 0), (0, 0, 0), (0.5, 0, 0)])
        (shared.occupancies, shared.sites) = ([0.5, 0.5, 1], [0, 0, 1])
        #expect(reason(shared) == nil)
        shared.sites = [0, 1, 2]
        #expect(reason(shared) == "overlapping-sites")
    }

    /// The boxes find what comparing all pairs over all near images finds, in cells of any shape, with pairs planted near the limit.
    @Test func findsWhatAllPairsFind() {
        var random = SplitMix64(seed: 11)
        var overlaps = 0
        for round in 0..<400 {
            let flags = (0..<3).map { _ in random.nextUnit() < 0.7 }
            let lattice = Lattice(
                a: CartesianVector(SIMD3(4, 0, 0) + vector(&random, 1.5)), b: CartesianVector(SIMD3(0, 2, 0) + vector(&random, 0.9)),
                c: CartesianVector(SIMD3(0, 0, 0.9) + vector(&random, 0.4)))
            if lattice.isSingular || lattice.planeSpacings.min() < 0.1 { continue }
            var positions = (0..<(2 + round % 30)).map { _ in FractionalPosition(vector(&random, 2)) }
            let twin = lattice.cartesian(positions[0]) + CartesianVector(vector(&random, 0.0085))
            let shift = SIMD3((0..<3).map { flags[$0] ? (5 * random.nextUnit()).rounded() - 2 : 0 })
            positions.append(FractionalPosition(lattice.fractional(twin).coordinates + shift))
            let s = CrystalStructure(
                lattice: lattice, periodicity: Periodicity(flags[0], flags[1], flags[2]), atomicNumbers: positions.map { _ in 8 },
                positions: positions)
            let expected = allPairsOverlap(s)
            overlaps += expected ? 1 : 0
            #expect((OverlapSearch.firstPair(in: s) != nil) == expected, "round \(round)")
        }
        #expect(overlaps > 50 && overlaps < 350)
    }

    private func allPairsOverlap(_ s: CrystalStructure) -> Bool {
        for i in 0..<s.count {
            for j in 0..<i {
                var d = s.positions[i].coordinates - s.positions[j].coordinates
                for axis in 0..<3 where s.periodicity[axis] { d[axis] -= d[axis].rounded() }
                if s.lattice.cartesian(FractionalPosition(d)).length < 0.01 { return true }
            }
        }
        return false
    }

    /// Many atoms in few places: time is bounded by what fits into a box.
    @Test func staysQuickWhereAtomsAreDense() {
        let step = 0.011 / 3
        let positions = (0..<40_000).map { (k: Int) -> (Double, Double, Double) in
            (Double(k % 20) * step, Double(k / 20 % 20) * step, Double(k / 400) * step)
        }
        #expect(reason(structure(cubic(3), positions)) == nil)
        #expect(reason(structure(cubic(3), positions + [(0.0001, 0, 0)])) == "overlapping-sites")
        // A layer: all on one plane.
        let layer = (0..<40_000).map { (k: Int) -> (Double, Double, Double) in (Double(k % 200) / 200, Double(k / 200) / 200, 0.5) }
        #expect(reason(structure(cubic(400), layer)) == nil)
    }
}
