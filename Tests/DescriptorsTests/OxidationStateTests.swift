import MaterialsCore
import TestSupport
import Testing

@testable import Descriptors

@Suite struct OxidationStateTests {
    private func species(_ composition: Composition) -> [ChargedSpecies]? {
        OxidationStateGuess.species(composition.atomicNumbers.span, composition.amounts.span)
    }

    private func text(_ species: [ChargedSpecies]) -> Set<String> {
        Set(species.map { "\(Element.symbols[Int($0.atomicNumber)])\($0.charge < 0 ? "" : "+")\($0.charge):\(numberText($0.amount))" })
    }

    /// All charged species that pymatgen 2026.10.24 finds for 1,074 formulas.
    @Test func equalsPymatgen() throws {
        let lines = String(decoding: try dataset("references/composition_features/composition_oxid.csv.gz"), as: UTF8.self).split(
            separator: "\n")
        var compared = 0
        for line in lines.dropFirst() {
            let cells = line.split(separator: ",")
            guard cells[0] != "HDO", cells[0] != "D2O", let c = try? Composition(formula: String(cells[0])) else { continue }
            let expected = Set(cells[1].split(separator: " ").map(String.init))
            #expect(species(c).map(text) == expected, "\(cells[0])")
            compared += 1
        }
        #expect(compared > 1_050)
    }

    @Test func mixedValence() throws {
        #expect(try text(#require(species(composition("Fe 3 O 4")))) == ["Fe+2:1", "Fe+3:2", "O-2:4"])
        #expect(try text(#require(species(composition("Fe 6 O 8")))) == ["Fe+2:1", "Fe+3:2", "O-2:4"])
        #expect(try text(#require(species(composition("H 4")))) == ["H+1:1", "H-1:1"])
    }

    @Test func needsWholeAmounts() { #expect(species(composition("Fe 0.947 O 1")) == nil) }

    /// Far beyond enumeration: 10^20 assignments; must answer or decline at once.
    @Test func largeFormulasAreBounded() throws {
        #expect(try text(#require(species(composition("C 60 H 61 O 30")))).contains("O-2:30"))
        #expect(species(composition("C 6001 H 6000 N 6000 O 6000")) == nil)
    }

    /// Every multiset of states by enumeration must give the same score, sum order and first best assignment.
    @Test func sumsEqualEnumeration() throws {
        var random = SplitMix64(seed: 4)
        for _ in 0..<200 {
            let states = Array(random.permutation(11).prefix(1 + random.nextInt(below: 5))).map { $0 - 4 }
            let occurrences = states.map { _ in random.nextInt(below: 4) }
            let atoms = 1 + random.nextInt(below: 5)
            let sums = try #require(OxidationSums(states: states, occurrences: occurrences, atoms: atoms))
            var order: [Int] = []
            var best: [Int: (score: Int, counts: [Int])] = [:]
            for choice in multisets(states.count, atoms) {
                let sum = choice.reduce(0) { $0 + states[$1] }
                let score = choice.reduce(0) { $0 + occurrences[$1] }
                if best[sum] == nil { order.append(sum) }
                if best[sum] == nil || score > best[sum]!.score {
                    best[sum] = (score, states.indices.map { s in choice.count { $0 == s } })
                }
            }
            #expect(sums.sums() == order)
            for (sum, expected) in best {
                #expect(sums.score(sum) == expected.score && sums.assignment(sum) == expected.counts)
            }
        }
    }

    /// Ascending index lists in lexicographic order.
    private func multisets(_ kinds: Int, _ count: Int, from first: Int = 0) -> [[Int]] {
        if count == 0 { return [[]] }
        return (first..<kinds).flatMap { kind in multisets(kinds, count - 1, from: kind).map { [kind] + $0 } }
    }

    @Test(arguments: ["cation-property", "electronegativity-difference"]) func undeterminedIsNaNOrRejected(_ name: String) throws {
        let b = batch([composition("Fe 1 Ni 1"), composition("Na 1 Cl 1"), composition("Fe 0.9 O 1")])
        let marked = describe(try make(name), b)
        #expect(marked.defects.isEmpty && marked.matrix[0, 0].isNaN && !marked.matrix[1, 0].isNaN && marked.matrix[2, 0].isNaN)
        let rejected = describe(try make(name, [("undetermined", "reject")]), b)
        #expect(rejected.defects.map(\.row) == [0, 2] && rejected.defects.allSatisfy { $0.defect.reason == "no-oxidation-states" })
    }

    @Test func compoundIsPossible() throws {
        let possible = describe(
            try make("ion-property"), batch([composition("Na 1 Cl 1"), composition("Na 1 Cl 2"), composition("Fe 3 O 4")]))
        #expect(possible.matrix.column(0) == [1, 0, 1])
    }
}
