import MaterialsCore
import TestSupport
import Testing

@testable import Generation

private func elements(_ symbols: String) -> [Element] { symbols.split(separator: " ").map { Element(symbol: String($0))! } }

private func rules(
    _ symbols: String, _ components: ClosedRange<Int>, _ largest: Int, _ list: String = "icsd24"
) throws -> EnumerationRules {
    EnumerationRules(
        elements: elements(symbols), components: components, maxCoefficient: largest,
        oxidationStates: try #require(OxidationStateList(named: list)))
}

/// Position, formula and ions of every kept row.
private func rows(_ source: EnumerationSource, _ range: Range<Int>? = nil) throws -> [String] {
    try allBatches(source, range).flatMap { b in
        (0..<b.count).map { row in
            "\(b.indices[row].position) \(b.ids[row]) \(b.composition(row).formula) \(b.textColumns.first?[row] ?? "")"
        }
    }
}

private let withStates = CandidateSchema([CandidateColumn(name: "oxidation_states", kind: .text)])

/// The same by the definition: every position in order, each test spelled out, repeats seen in a set.
private struct NaiveEnumeration {
    var lines: [String] = []
    var tested = 0
    private var seen: Set<String> = []
    private let rules: EnumerationRules

    init(_ rules: EnumerationRules) {
        self.rules = rules
        for k in rules.components { systems([], from: 0, size: k) }
    }

    private mutating func systems(_ chosen: [Element], from first: Int, size: Int) {
        if chosen.count == size {
            guard rules.required.allSatisfy(chosen.contains), rules.anyOf.isEmpty || rules.anyOf.contains(where: chosen.contains) else {
                return
            }
            let isExcluded = rules.excludedSystems.contains { $0.allSatisfy(chosen.contains) }
            seen = []
            for split in [nil] + chosen.indices.map(Optional.some) { states(chosen, split, [], isExcluded) }
            return
        }
        for i in first..<max(rules.elements.count, first) { systems(chosen + [rules.elements[i]], from: i + 1, size: size) }
    }

    private mutating func states(_ chosen: [Element], _ split: Int?, _ picked: [[Int]], _ isExcluded: Bool) {
        if picked.count == chosen.count { return amounts(chosen, picked, [], isExcluded) }
        let all = rules.states(of: chosen[picked.count])
        if picked.count == split {
            guard rules.mixedValence.contains(chosen[picked.count]) else { return }
            for (i, a) in all.enumerated() {
                for b in all[(i + 1)...] { states(chosen, split, picked + [[min(a, b), max(a, b)]], isExcluded) }
            }
        } else {
            for a in all { states(chosen, split, picked + [[a]], isExcluded) }
        }
    }

    private mutating func amounts(_ chosen: [Element], _ picked: [[Int]], _ given: [[Int]], _ isExcluded: Bool) {
        if given.count == chosen.count {
            defer { tested += 1 }
            if !isExcluded { test(chosen, picked, given) }
            return
        }
        for n in 1...rules.maxCoefficient {
            if picked[given.count].count == 1 {
                amounts(chosen, picked, given + [[n]], isExcluded)
            } else {
                for a in 1..<max(n, 1) { amounts(chosen, picked, given + [[a, n - a]], isExcluded) }
            }
        }
    }

    private mutating func test(_ chosen: [Element], _ picked: [[Int]], _ given: [[Int]]) {
        let ions = chosen.indices.flatMap { i in picked[i].indices.map { (chosen[i], picked[i][$0], given[i][$0]) } }
        guard ions.reduce(0, { $0 + $1.1 * $1.2 }) == 0, ions.reduce(0, { greatestCommonDivisor($0, $1.2) }) == 1 else { return }
        if rules.electronegativityTest.isOn, ions.count > 1 {
            let chi = ions.map { IonTable.electronegativity[Int($0.0.atomicNumber)] }
            for i in ions.indices {
                for j in ions.indices where !(ions[i].1 <= 0 || ions[j].1 >= 0 || chi[i] < chi[j]) || chi[i].isNaN { return }
            }
        }
        let composition = Composition(chosen.indices.map { (chosen[$0], Double(given[$0].reduce(0, +))) })
        if !rules.isSpeciesUnique {
            let divisor = composition.amounts.reduce(0) { greatestCommonDivisor($0, Int($1)) }
            if !seen.insert("\(composition.amounts.map { Int($0) / divisor })").inserted { return }
        }
        let text = ions.map { ionText($0.0, charge: $0.1) }.joined(separator: " ")
        lines.append("\(tested) \(tested + 1) \(composition.formula) \(text)")
    }
}

@Suite struct EnumerationSourceTests {
    @Test func equalsItsDefinition() throws {
        for variant in 0..<12 {
            var r = try rules(
                variant % 2 == 0 ? "Fe O Mn" : "Cu S O Na", 1...3, variant % 3 == 0 ? 4 : 3, variant % 4 < 2 ? "icsd24" : "wiki")
            r.isSpeciesUnique = variant % 3 == 1
            if variant > 5 { r.mixedValence = Array(r.elements.prefix(2)) }
            if variant == 3 { r.required = elements("O") }
            if variant == 5 { r.anyOf = elements("S O") }
            if variant == 7 { r.excludedSystems = [elements("Cu O")] }
            if variant == 8 { r.excludedIons = [(elements("Fe")[0], 3)] }
            if variant == 9 { (r.required, r.anyOf) = (elements("Na"), elements("S Cu")) }
            let naive = NaiveEnumeration(r)
            let source = try EnumerationSource(r, schema: withStates)
            #expect(source.positionCount() == naive.tested)
            #expect(try rows(source) == naive.lines)
        }
    }

    @Test func piecesOfAnyCutAreTheWhole() throws {
        var random = SplitMix64(seed: 3)
        for isSpeciesUnique in [true, false] {
            var r = try rules("Li Fe Cu P S O", 2...4, 4)
            r.isSpeciesUnique = isSpeciesUnique
            r.mixedValence = elements("Fe")
            let source = try EnumerationSource(r, schema: withStates)
            let n = source.positionCount()
            let whole = try rows(source)
            var (start, parts) = (0, [String]())
            while start < n {
                let end = min(start + CandidateGrid.batchSize * (1 + random.nextInt(below: 60)), n)
                parts += try rows(source, start..<end)
                start = end
            }
            #expect(parts == whole)
            #expect(whole.count > 1_000)
        }
    }

    @Test func startsAnywhereAtOnce() throws {
        var r = try rules("H", 4...6, 8)
        r.elements = (1...103).map { Element(atomicNumber: $0)! }.filter { !r.oxidationStates.states[Int($0.atomicNumber)].isEmpty }
        r.components = 4...4
        let source = try EnumerationSource(r)
        let n = source.positionCount()
        #expect(n > 1_000_000_000_000)
        let shard = CandidateGrid.shard(16, of: 1000, batches: CandidateGrid.batchCount(positions: n))
        let first = shard.lowerBound * CandidateGrid.batchSize
        let kept = try allBatches(source, first..<first + 4 * CandidateGrid.batchSize * 1024)
        let positions = kept.flatMap(\.indices).map(\.position)
        #expect(!positions.isEmpty && positions.allSatisfy { $0 >= first } && positions == positions.sorted())
        // Chemical systems come in the order of their elements.
        let systems = kept.flatMap { b in (0..<b.count).map { b.composition($0).atomicNumbers } }
        #expect(zip(systems, systems.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
    }

    @Test func theLastPositionIsReached() throws {
        let source = try EnumerationSource(try rules("Na K Cl Br", 2...4, 3), schema: withStates)
        let n = source.positionCount()
        let start = (n - 1) / CandidateGrid.batchSize * CandidateGrid.batchSize
        #expect(try rows(source, start..<1 << 48) == rows(source).filter { Int($0.split(separator: " ")[0])! >= start })
    }

    @Test func withoutChargesAllRatiosAreKept() throws {
        var r = try rules("Al Co Ni", 2...3, 4)
        r.isChargeNeutral = false
        r.electronegativityTest.isOn = false
        let kept = try rows(EnumerationSource(r))
        // Coprime pairs up to 4: 11; coprime triples: 55.
        #expect(kept.count == 3 * 11 + 55)
    }

    @Test func knowsWhatItDeliversByItsHash() throws {
        let a = try EnumerationSource(try rules("Fe O", 2...2, 4)).contentHash()
        #expect(try EnumerationSource(try rules("Fe O", 2...2, 5)).contentHash() != a)
        #expect(try EnumerationSource(try rules("Fe O", 2...2, 4, "wiki")).contentHash() != a)
        #expect(try EnumerationSource(try rules("O Fe", 2...2, 4)).contentHash() == a)
    }
}
