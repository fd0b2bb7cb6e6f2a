import MaterialsCore
import Testing

@testable import Models

@Suite struct GroupFoldsTests {
    private static let oxides: [[UInt8]] = [[8, 22], [8, 56], [8, 22, 56], [22, 56], [8], [26], [26, 8], [11, 17]]

    @Test func eachElementIsLeftOut() throws {
        let folds = try Folds.elements(nil, of: Self.oxides, seed: 1)
        // 8, 11, 17, 22, 26, 56 in this order.
        #expect(folds.testRows == [[0, 1, 2, 4, 6], [7], [7], [0, 2, 3], [5, 6], [1, 2, 3]])
        #expect(folds.learnedRows(3, of: 8) == [1, 4, 5, 6, 7])
    }

    @Test(arguments: [2, 3, 5]) func aFoldTestsAllRowsOfItsElementsAndLearnsFromNone(_ count: Int) throws {
        var random = SplitMix64(seed: 9)
        let rows = (0..<200).map { _ in (0..<2).map { _ in UInt8(1 + random.nextInt(below: 40)) } }
        let folds = try Folds.elements(count, of: rows, seed: 3)
        #expect(folds.testRows.count == count && Set(folds.testRows.joined()).count == 200)
        for fold in 0..<count {
            let learned = folds.learnedRows(fold, of: 200)
            let seen = Set(learned.flatMap { rows[$0] })
            #expect(!learned.isEmpty)
            for row in folds.testRows[fold] { #expect(!seen.isSuperset(of: rows[row])) }
        }
        #expect(try Folds.elements(count, of: rows, seed: 3) == folds)
    }

    @Test func elementsOfAllRowsAreNotTestedAndUselessFoldsAreRefused() throws {
        let all = try Folds.elements(nil, of: [[8, 22], [8, 56], [8, 11]], seed: 1)
        #expect(all.testRows == [[2], [0], [1]])
        #expect { try Folds.elements(nil, of: [[8], [8]], seed: 1) } throws: { "\($0)".contains("0 element") }
        #expect { try Folds.elements(9, of: Self.oxides, seed: 1) } throws: { "\($0)".contains("6 elements") }
        let dense: [[UInt8]] = (0..<20).map { _ in [1, 2, 3, 4, 5, 6] } + [[1, 3], [2, 4]]
        #expect { try Folds.elements(2, of: dense, seed: 1) } throws: { "\($0)".contains("no row to learn from") }
    }

    @Test func clustersStayTogether() throws {
        var random = SplitMix64(seed: 2)
        var features = FeatureMatrix(rows: 120, columns: 3)
        for row in 0..<120 { for c in 0..<3 { features[row, c] = Double(row % 4) * Double(c + 1) * 50 + random.nextUnit() } }
        let folds = try Folds.clusters(4, features: features, seed: 1)
        #expect(Set(folds.testRows.map { Set($0.map { $0 % 4 }) }).count == 4 && folds.testRows.allSatisfy { $0.count == 30 })
        #expect(folds.scheme == "leave one of 4 clusters out")
        #expect(try Folds.clusters(4, features: features, seed: 1) == folds)
        #expect { try Folds.clusters(3, features: FeatureMatrix(rows: 5, columns: 2), seed: 1) } throws: { "\($0)".contains("alike") }
        #expect(throws: MatSieveError.self) { try Folds.clusters(6, features: FeatureMatrix(rows: 5, columns: 2), seed: 1) }
    }

    @Test func repeatsDifferAndTheFirstIsThePlainOne() throws {
        let targets = (0..<30).map { Double($0) }
        let make = { (seed: UInt64) in try Folds.random(3, targets: targets, task: .regression, seed: seed) }
        let folds = try Folds.repeated(4, seed: 5, make)
        #expect(folds.testRows.count == 12 && folds.scheme == "4 times 3 folds" && Set(folds.testRows).count == 12)
        #expect(Array(folds.testRows.prefix(3)) == (try make(5)).testRows)
        #expect(throws: MatSieveError.self) { try Folds.repeated(0, seed: 1, make) }
    }

    @Test func manyClassesAreSharedOut() throws {
        let targets = (0..<60).map { Double($0 % 3) }
        for rows in try Folds.random(5, targets: targets, task: .classification, seed: 1).testRows {
            for c in 0..<3 { #expect(rows.count { targets[$0] == Double(c) } == 4) }
        }
    }

    @Test func rowsTestedTwiceAreAveraged() {
        var prediction = Prediction(rows: 3)
        (prediction.mean, prediction.spread) = ([1, 3, 5], [3, 4, 1])
        let averaged = HeldOutPredictions(rows: [1, 1, 0], folds: [0, 1, 1], prediction: prediction, observed: [0, 0, 0]).averaged(
            rowCount: 3)
        #expect(averaged.mean[0] == 5 && averaged.mean[1] == 2 && averaged.mean[2].isNaN && averaged.spread[1] == 12.5.squareRoot())
        var three = Prediction(rows: 2, classCount: 3)
        three.setProbabilities([0.5, 0.25, 0.25].span, row: 0)
        three.setProbabilities([0, 1, 0].span, row: 1)
        let classes = HeldOutPredictions(rows: [0, 0], folds: [0, 1], prediction: three, observed: [1, 1]).averaged(rowCount: 1)
        #expect(classes.mean == [1] && classes.probability(ofClass: 0, row: 0) == 0.25 && classes.spread == [0.625])
    }

    /// No row is judged by what was learned from itself, though folds overlap.
    @Test func crossFitsShareNoRow() throws {
        let folds = try Folds.repeated(3, seed: 1) {
            try Folds.random(4, targets: (0..<40).map { Double($0) }, task: .regression, seed: $0)
        }
        let rows = Array(folds.testRows.joined())
        let held = HeldOutPredictions(
            rows: rows, folds: folds.testRows.indices.flatMap { f in folds.testRows[f].map { _ in f } },
            prediction: Prediction(rows: rows.count),
            observed: rows.map { Double($0) })
        let parts = held.crossFits(seed: 1)
        #expect(parts.flatMap(\.judged).sorted() == Array(0..<rows.count))
        for part in parts {
            #expect(Set(part.judged.map { rows[$0] }).isDisjoint(with: part.learned.map { rows[$0] }) && !part.learned.isEmpty)
        }
    }
}
