import MaterialsCore
import Stability
import Testing

@Suite struct HullTests {
    @Test func aTernaryOxideFallsApartIntoTheBinaries() throws {
        let diagram = try formationDiagram(["Li2O": -2, "Fe2O3": -1.6, "LiFeO2": -1.8, "FeO": -1.4, "Li4O2": -1.9])
        var search = HullSearch(diagram)
        let judgement = search.judgement(ofEntry: 2)
        #expect(diagram.text(of: judgement.decomposition) == "0.625 Fe2O3 + 0.375 Li2O")
        #expect(judgement.energyAboveHull == 0)
        #expect(abs(judgement.decompositionEnergy - (-1.8 + 0.625 * 1.6 + 0.375 * 2)) < 1e-12)
        // A polymorph: 0.1 above the hull, and its decomposition leaves out the better form as well.
        let polymorph = search.judgement(ofEntry: 4)
        #expect(abs(polymorph.energyAboveHull - 0.1) < 1e-12)
        #expect(diagram.text(of: polymorph.decomposition) == "0.66666667 Li + 0.33333333 O2")
        #expect(abs(polymorph.decompositionEnergy + 1.9) < 1e-12)
    }

    @Test func candidatesMayLieBelow() throws {
        let diagram = try formationDiagram(["NaCl": -2, "NaCl3": -1])
        var search = HullSearch(diagram)
        let judgement = search.judgement(of: try composition("Na3Cl3"), formationEnergy: -2.1)
        #expect(abs(judgement.energyAboveHull + 0.1) < 1e-12)
        #expect(diagram.text(of: judgement.decomposition) == "0.66666667 NaCl3 + 0.33333333 Na" || judgement.decompositionEnergy < 0)
        #expect(search.hullEnergy(of: try composition("NaCl")) == -2)
        #expect(abs(search.hullEnergy(of: try composition("NaCl"), excludingOwn: true) - -2.0 / 3) < 1e-12)
    }

    @Test func elementsAreTheirOwnHull() throws {
        let diagram = try formationDiagram(["NaCl": -2, "Na": 0.01])
        var search = HullSearch(diagram)
        let judgement = search.judgement(ofEntry: 1)
        #expect(judgement.energyAboveHull == 0.01)
        #expect(judgement.decompositionEnergy.isNaN)
        #expect(diagram.text(of: judgement.decomposition) == "1 Na")
        #expect(search.hullEnergy(of: try composition("Na"), excludingOwn: true) == 0)
    }

    @Test func totalEnergiesAreTakenAgainstTheLowestFormOfEachElement() throws {
        let formulas = ["Na", "Na4", "Cl2", "NaCl", "Na2Cl2"]
        let diagram = try PhaseDiagram(
            compositions: try formulas.map(composition), energiesEVPerAtom: [-1.3, -1.2, -1.8, -3.4, -3.5], kind: .total)
        #expect(abs(diagram.formationEnergies[4] - (-3.5 + 1.55)) < 1e-12)
        #expect(abs(diagram.formationEnergies[1] - 0.1) < 1e-12)
        var search = HullSearch(diagram)
        #expect(abs(search.judgement(ofEntry: 3).energyAboveHull - 0.1) < 1e-12)
        #expect(search.judgement(ofEntry: 4).energyAboveHull == 0)
    }

    /// All sets of columns that can make up a composition, one by one: the naive twin.
    private func lowestMixture(_ columns: [(x: [Double], energy: Double)], _ x: [Double]) -> Double {
        var best = Double.infinity
        func choose(_ chosen: [Int], _ next: Int) {
            if chosen.count == x.count {
                guard let amounts = solve(chosen.map { columns[$0].x }, x), amounts.allSatisfy({ $0 > -1e-9 }) else { return }
                best = min(best, zip(chosen, amounts).reduce(0) { $0 + columns[$1.0].energy * $1.1 })
                return
            }
            for c in next..<max(columns.count, next) { choose(chosen + [c], c + 1) }
        }
        choose([], 0)
        return best
    }

    private func solve(_ columns: [[Double]], _ x: [Double]) -> [Double]? {
        let n = x.count
        var rows = (0..<n).map { i in columns.map { $0[i] } + [x[i]] }
        for c in 0..<n {
            let pivot = (c..<n).max { abs(rows[$0][c]) < abs(rows[$1][c]) }!
            rows.swapAt(c, pivot)
            if abs(rows[c][c]) < 1e-9 { return nil }
            for r in 0..<n where r != c {
                let factor = rows[r][c] / rows[c][c]
                for k in c...n { rows[r][k] -= factor * rows[c][k] }
            }
        }
        return (0..<n).map { rows[$0][n] / rows[$0][$0] }
    }

    /// Whole-numbered energies and small whole amounts: collinear and coplanar phases, duplicates and ties everywhere.
    @Test(arguments: [2, 3, 4]) func degenerateSystemsAgreeWithTheNaiveTwin(_ dimension: Int) throws {
        var random = SplitMix64(seed: UInt64(dimension))
        let z: [UInt8] = [3, 8, 15, 26].prefix(dimension).map { $0 }
        for _ in 0..<(dimension == 4 ? 6 : 60) {
            var entries: [(composition: Composition, energy: Double)] = []
            while entries.count < 12 {
                let amounts = z.map { _ in Double(random.nextInt(below: 4)) }
                let present = z.indices.filter { amounts[$0] > 0 }
                if present.count < 2 { continue }
                let c = Composition(sortedAtomicNumbers: present.map { z[$0] }, amounts: present.map { amounts[$0] })
                entries.append((c, -Double(random.nextInt(below: 3)) * 0.25))
            }
            entries.append((Composition(sortedAtomicNumbers: z, amounts: z.map { _ in 1 }), 0.5))
            let diagram = try PhaseDiagram(
                compositions: entries.map(\.composition), energiesEVPerAtom: entries.map(\.energy), kind: .formation)
            var search = HullSearch(diagram)
            func fractions(_ c: Composition) -> [Double] { z.map { c[Element(atomicNumber: Int($0))!] / c.atomCount } }
            var columns = entries.map { (x: fractions($0.composition), energy: $0.energy) }
            columns += z.indices.map { i in (x: z.indices.map { $0 == i ? 1.0 : 0 }, energy: 0.0) }
            for e in entries {
                let x = fractions(e.composition)
                let others = columns.filter { zip($0.x, x).contains { abs($0 - $1) > 1e-8 } }
                #expect(abs(search.hullEnergy(of: e.composition) - lowestMixture(columns, x)) < 1e-9)
                #expect(abs(search.hullEnergy(of: e.composition, excludingOwn: true) - lowestMixture(others, x)) < 1e-9)
                let parts = search.decomposition(of: e.composition, excludingOwn: true)!
                #expect(abs(parts.products.reduce(0) { $0 + $1.atomFraction } - 1) < 1e-9)
            }
        }
    }

    @Test func tracesAndWildAmountsStayFinite() throws {
        var random = SplitMix64(seed: 77)
        for _ in 0..<30 {
            let z = (0..<2 + random.nextInt(below: 8)).map { UInt8(3 + 5 * $0) }
            func composition() -> Composition {
                let amounts = z.map { _ in
                    [1e6 * random.nextUnit(), random.nextUnit(), 1e-9 * random.nextUnit(), 0][random.nextInt(below: 4)]
                }
                let present = z.indices.filter { amounts[$0] > 0 }
                return Composition(sortedAtomicNumbers: present.map { z[$0] }, amounts: present.map { amounts[$0] })
            }
            let entries = (0..<80).map { _ in composition() }.filter { $0.elementCount > 1 }
            let energies = entries.map { _ in -3 * random.nextUnit() }
            let diagram = try PhaseDiagram(compositions: entries, energiesEVPerAtom: energies, kind: .formation)
            var search = HullSearch(diagram)
            for c in entries + (0..<100).map({ _ in composition() }) where c.elementCount > 1 && diagram.unknownElements(of: c).isEmpty {
                let parts = search.decomposition(of: c)!
                #expect(parts.energyEVPerAtom == search.hullEnergy(of: c) && parts.energyEVPerAtom <= 1e-9)
                #expect(abs(parts.products.reduce(0) { $0 + $1.atomFraction } - 1) < 1e-6)
            }
        }
        let diagram = try formationDiagram(["Li2O": -2])
        var search = HullSearch(diagram)
        #expect(search.hullEnergy(of: try composition("Li2000000000O1")) == 0)
    }

    @Test func theOrderOfEntriesDoesNotShow() throws {
        let table = try EntryTable("references/phase_diagrams/Mn-O-Y.csv")
        let (compositions, energies) = (try table.compositions(), table.numbers("energy_ev_per_atom"))
        var random = SplitMix64(seed: 5)
        let order = random.permutation(energies.count)
        let a = try PhaseDiagram(compositions: compositions, energiesEVPerAtom: energies, kind: .total)
        let b = try PhaseDiagram(
            compositions: order.map { compositions[$0] }, energiesEVPerAtom: order.map { energies[$0] }, kind: .total)
        var (one, other) = (HullSearch(a), HullSearch(b))
        for (place, i) in order.enumerated() {
            let (x, y) = (one.judgement(ofEntry: i), other.judgement(ofEntry: place))
            #expect(x.energyAboveHull.bitPattern == y.energyAboveHull.bitPattern)
            #expect(a.text(of: x.decomposition) == b.text(of: y.decomposition))
        }
    }

    @Test func manyElementsAreFound() throws {
        let diagram = try KnownCompositions.read.get().diagram
        var random = SplitMix64(seed: 9)
        var search = HullSearch(diagram)
        let z: [UInt8] = [1, 3, 8, 9, 11, 15, 16, 25, 26]
        for _ in 0..<50 {
            let c = Composition(sortedAtomicNumbers: z, amounts: z.map { _ in Double(1 + random.nextInt(below: 8)) })
            let parts = search.decomposition(of: c)!
            #expect(parts.energyEVPerAtom == search.hullEnergy(of: c))
            // Mixtures keep the atoms, and no mixture of two of such compositions is better than its own hull.
            let d = Composition(sortedAtomicNumbers: z, amounts: z.map { _ in Double(1 + random.nextInt(below: 8)) })
            let both = Composition(sortedAtomicNumbers: z, amounts: zip(c.amounts, d.amounts).map { $0 + $1 })
            let share = c.atomCount / both.atomCount
            let mixed = share * parts.energyEVPerAtom + (1 - share) * search.hullEnergy(of: d)
            #expect(search.hullEnergy(of: both) <= mixed + 1e-9)
        }
    }
}
