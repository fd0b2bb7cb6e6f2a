import MaterialsCore
import Symmetry
import Testing

@Suite struct SpaceGroupTests {
    @Test func knowsAllSettings() {
        #expect(SpaceGroup(hallNumber: 0) == nil && SpaceGroup(hallNumber: 531) == nil)
        #expect(Set((1...530).map { SpaceGroup(hallNumber: $0)!.number }) == Set(1...230))
        #expect(SpaceGroup(hallNumber: 523)?.symbol == "Fm-3m")
    }

    @Test func operationsAreGroups() {
        for group in SpaceGroup.all {
            let operations = group.operations
            #expect(operations.first == .identity)
            let known = Set(operations.map(Reduced.init))
            #expect(known.count == operations.count, "\(group.hallSymbol)")
            // The first few against all: products stay inside.
            for a in operations.prefix(4) {
                #expect(operations.allSatisfy { known.contains(Reduced(a.after($0))) }, "\(group.hallSymbol)")
            }
        }
        #expect(SpaceGroup(hallNumber: 523)!.operations.count == 192)
    }

    @Test func translationsAreTheClosestNumbers() {
        let thirds = SpaceGroup(hallNumber: 431)!.operations.map(\.translation.z)
        #expect(thirds == [0, 1.0 / 3, 2.0 / 3])
    }

    @Test func everySymbolOfASettingFindsIt() {
        for group in SpaceGroup.all {
            let choice = group.choice.isEmpty ? "" : ":" + group.choice
            for spelling in [group.fullSymbol, group.fullSymbol.uppercased(), group.fullSymbol.replacing(" ", with: "")] {
                let found = SpaceGroup.settings(symbol: spelling)
                #expect(found.contains(group), "\(spelling)")
                #expect(Set(found.map(\.number)) == [group.number], "\(spelling)")
                #expect(SpaceGroup.settings(symbol: spelling + choice).first == group, "\(spelling + choice)")
            }
            #expect(SpaceGroup.settings(symbol: group.symbol).contains { $0.number == group.number }, "\(group.symbol)")
        }
    }

    @Test(
        arguments: [
            ("F m -3 m", 523), ("Fm-3m", 523), ("F m 3 m", 523), ("FM3M", 523), ("P 21/c", 81), ("P 1 21/c 1", 81), ("P2_1/c", 81),
            ("P 21/n", 82), ("P 1 21/n 1", 82), ("P 1 1 21/b", 86), ("P 21/b", 86), ("R -3 m H", 458), ("R-3m:H", 458), ("R -3 m", 458),
            ("R -3 m :R", 459), ("R-3mR", 459), ("F d -3 m", 525), ("F d -3 m :1", 525), ("F d -3 m :2", 526), ("F d 3 m Z", 526),
            ("F d -3 m S", 525), ("I 41/a m d (origin choice 2)", 427), ("C m c a", 304), ("C m c e", 304), ("A b a 2", 203),
            ("B m a b", 309), ("P n a 21", 164), ("P b n m", 294), ("C c c a :2", 323), ("P 2 3", 489), ("P a 3", 501), ("I a 3 d", 530),
            ("I 1 2/a 1", 92), ("I 2/a", 92), ("C 2", 9), ("B 2/b", 99), ("P -4 3 m", 511), ("P 63/m m c", 488), ("P 3 1 m", 447),
        ])
    func spellings(_ symbol: String, _ hallNumber: Int) {
        #expect(SpaceGroup.settings(symbol: symbol).first?.hallNumber == hallNumber, "\(symbol)")
    }

    @Test func symbolsThatMeanNothing() {
        for symbol in ["", "?", "Q 2", "P 7", "Fm-3mH", "P m m m :2", "R", ":", "::1", "F m -3 m :x", "(", "\u{e9}"] {
            #expect(SpaceGroup.settings(symbol: symbol).isEmpty, "\(symbol)")
        }
        #expect(SpaceGroup.settings(number: 0).isEmpty && SpaceGroup.settings(number: 231).isEmpty)
        #expect(SpaceGroup.settings(number: 227).map(\.choice) == ["1", "2"])
    }

    @Test func hallSymbolsGiveTheOperationsOfTheTable() {
        for group in SpaceGroup.all {
            let own = SpaceGroup.operations(hallSymbol: group.hallSymbol)
            #expect(own.map { Set($0.map(Reduced.init)) } == Set(group.operations.map(Reduced.init)), "\(group.hallSymbol)")
        }
    }

    @Test func hallSymbolsOutsideTheTable() {
        #expect(SpaceGroup.operations(hallSymbol: "-C 1")?.count == 4)
        #expect(
            SpaceGroup.operations(hallSymbol: "-F 4a 2 3").map { Set($0.map(Reduced.init)) }
                == Set(SpaceGroup.all[523].operations.map(Reduced.init)))
        for symbol in [
            "", "P", "-", "X 2", "P 5", "P 2 2 2 2 2 2", "P 2q", "P 2 (0 0", "P 2 (0 0 99999999999999999999)", "P 4*", "PP 2", "P -",
        ] {
            #expect(SpaceGroup.operations(hallSymbol: symbol) == nil, "\(symbol)")
        }
    }
}

/// An operation up to lattice translations, in units of 1/24.
struct Reduced: Hashable {
    let rows: SymmetryOperation.RotationRows
    let shift: SIMD3<Int>

    init(_ operation: SymmetryOperation) {
        rows = operation.rows
        let t = (operation.translation * 24).rounded(.toNearestOrEven)
        shift = SIMD3((0..<3).map { ((Int(t[$0]) % 24) + 24) % 24 })
    }
}
