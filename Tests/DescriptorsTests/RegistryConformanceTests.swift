import Descriptors
import MaterialsCore
import Testing

/// What every registered descriptor must do; a new entry is tested without new test code.
@Suite struct RegistryConformanceTests {
    static let names = DescriptorRegistry.entries.filter { !$0.requiresStructure }.map(\.name)

    @Test func namesAreSortedAndPlain() {
        #expect(Self.names == Self.names.sorted() && Set(Self.names).count == Self.names.count)
        for name in Self.names { #expect(name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(name)") }
        for entry in DescriptorRegistry.entries { #expect(!entry.references.isEmpty, "\(entry.name)") }
    }

    @Test func unknownNameIsAnsweredWithTheNearest() {
        let error = #expect(throws: MatSieveError.self) { try DescriptorRegistry.make("magpi") }
        #expect(error?.kind == .usage && error?.message.contains("did you mean 'magpie'?") == true)
    }

    @Test(arguments: names) func labelsAreUnique(_ name: String) throws {
        let labels = try make(name).featureNames
        #expect(!labels.isEmpty && Set(labels).count == labels.count && !labels.contains(""))
    }

    @Test(arguments: names) func refusesUnknownSettings(_ name: String) {
        let error = #expect(throws: MatSieveError.self) { try make(name, [("no_such_key", "1")]) }
        #expect(error?.kind == .usage && error?.message.contains("no_such_key") == true)
    }

    @Test(arguments: names) func neverInfinite(_ name: String) throws {
        let compositions = randomCompositions(600, seed: 3)
        let result = describe(try make(name), batch(compositions))
        let bad = Set(result.defects.map(\.row))
        for row in compositions.indices where !bad.contains(row) {
            #expect(!result.matrix.row(row).contains { $0.isInfinite }, "\(name): \(compositions[row])")
        }
        #expect(result.defects.map(\.row) == result.defects.map(\.row).sorted() && bad.count < 60, "\(bad.count) rejected")
        for (_, defect) in result.defects {
            #expect(defect.reason.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil && !defect.detail.contains("\n"))
        }
    }

    @Test(arguments: names) func everyElementAlone(_ name: String) throws {
        let result = describe(try make(name), batch((1...118).map { composition("\(Element.symbols[$0]) 1") }))
        #expect(!result.matrix.values.contains { $0.isInfinite })
        #expect(result.defects.allSatisfy { $0.row >= 112 })
    }

    @Test(arguments: names) func wholeAndSplitBatchesGiveTheSameBits(_ name: String) throws {
        let d = try make(name)
        let compositions = randomCompositions(90, seed: 8, lastElement: 118)
        let whole = describe(d, batch(compositions))
        let defects = Dictionary(uniqueKeysWithValues: whole.defects.map { ($0.row, $0.defect) })
        for size in [1, 7, 64] {
            for start in stride(from: 0, to: compositions.count, by: size) {
                let part = describe(d, batch(Array(compositions[start..<min(start + size, compositions.count)])))
                let partDefects = Dictionary(uniqueKeysWithValues: part.defects.map { ($0.row, $0.defect) })
                for row in 0..<part.matrix.rows {
                    #expect(partDefects[row] == defects[start + row])
                    if partDefects[row] == nil { #expect(part.bits(row) == whole.bits(start + row), "\(name) \(size) \(start + row)") }
                }
            }
        }
    }

    @Test(arguments: names) func orderOfElementsDoesNotMatter(_ name: String) throws {
        let d = try make(name)
        let forward = describe(d, batch([composition("Ba 0.5 Sr 0.5 Ti 1 O 3"), composition("Fe 2 O 3")]))
        let backward = describe(d, batch([composition("O 3 Ti 1 Sr 0.5 Ba 0.5"), composition("O 3 Fe 2")]))
        for row in 0..<2 { #expect(forward.bits(row) == backward.bits(row)) }
    }

    @Test(arguments: names) func emptyCompositionIsADefect(_ name: String) throws {
        let result = describe(try make(name), batch([Composition(sortedAtomicNumbers: [], amounts: []), composition("Fe 1")]))
        #expect(result.defects.map(\.row) == [0] && result.defects.first?.defect.reason == "empty-composition")
    }

    /// Features of the formula unit, not of the composition: neutrality as written, and the weight of the unit.
    static let unitDependent: Set<String> = ["cell-content", "ion-property", "wen-alloys"]

    @Test(arguments: names.filter { !unitDependent.contains($0) }) func twiceTheFormulaUnitIsTheSame(_ name: String) throws {
        let d = try make(name)
        let once = describe(d, batch([composition("Ba 1 Sr 1 Ti 2 O 6"), composition("Fe 2 Ni 1"), composition("Li 4 Fe 3 P 5 O 19")]))
        let twice = describe(d, batch([composition("Ba 2 Sr 2 Ti 4 O 12"), composition("Fe 4 Ni 2"), composition("Li 8 Fe 6 P 10 O 38")]))
        for row in 0..<3 { #expect(once.bits(row) == twice.bits(row), "\(name) \(row)") }
    }

    /// A store can hold anything; values may be NaN then, but nothing may trap or run on.
    @Test(arguments: names) func oddAmountsAndElementsDoNotTrap(_ name: String) throws {
        let amounts: [[Double]] = [
            [1e300, 1e300, 1], [1e-300, 1, 1], [.nan, 1, 2], [0, 1, 1], [-1, 1, 1], [.infinity, 1, 1], [1e5, 99_999, 7], [1e18, 1, 1],
        ]
        let odd = amounts.map { Composition(sortedAtomicNumbers: [8, 25, 57], amounts: $0) }
        let unknown = [[0, 8], [8, 119], [8, 255]].map { Composition(sortedAtomicNumbers: $0.map { UInt8($0) }, amounts: [1, 1]) }
        let result = describe(try make(name), batch(odd + unknown))
        #expect(result.defects.map(\.row).suffix(3) == [8, 9, 10])
    }
}
