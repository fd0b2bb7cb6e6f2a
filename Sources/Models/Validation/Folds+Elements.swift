import MaterialsCore

extension Folds {
    /// Folds by element: each tests all rows that contain one of its elements and learns from the rows that contain none.
    ///
    /// A row is tested as often as folds hold an element of it. Elements that no fold could leave out, because every row
    /// contains them, are not tested.
    ///
    /// - Parameters:
    ///   - count: folds; nil makes one of each element (leave-one-element-out)
    ///   - elements: atomic numbers of each row
    ///   - seed: of the order in which elements are dealt to the folds, those of most rows first, each to the fold with the fewest rows
    /// - Throws: `MatSieveError.usage` where fewer than two elements can be left out, for fewer than two folds or more than elements,
    ///   and where a fold would leave no row to learn from.
    public static func elements(_ count: Int?, of elements: [[UInt8]], seed: UInt64) throws -> Folds {
        var rows = [[Int]](repeating: [], count: 256)
        for (row, list) in elements.enumerated() { for z in Set(list) { rows[Int(z)].append(row) } }
        let testable = rows.indices.filter { !rows[$0].isEmpty && rows[$0].count < elements.count }
        guard testable.count > 1 else {
            throw MatSieveError.usage(
                "folds by element: \(testable.count) element can be left out of \(elements.count) rows; choose another grouping")
        }
        let wanted = count ?? testable.count
        guard wanted >= 2, wanted <= testable.count else {
            throw MatSieveError.usage("\(wanted) folds of \(testable.count) elements: choose from 2 to the number of elements")
        }
        if wanted == testable.count { return Folds(scheme: "leave one element out", testRows: testable.map { rows[$0] }) }
        let dealt = deal(testable.map { rows[$0] }, to: wanted, rows: elements.count, seed: seed)
        guard dealt.allSatisfy({ $0.count < elements.count }) else {
            throw MatSieveError.usage(
                "\(wanted) folds by element leave no row to learn from: a row has several elements; take more folds, or one an element")
        }
        return Folds(scheme: "\(wanted) folds by element", testRows: dealt)
    }

    private static func deal(_ elements: [[Int]], to count: Int, rows: Int, seed: UInt64) -> [[Int]] {
        var random = SplitMix64(seed: seed)
        let order = random.permutation(elements.count).enumerated().sorted {
            let (a, b) = (elements[$0.element].count, elements[$1.element].count)
            return a != b ? a > b : $0.offset < $1.offset
        }
        var isTested = [[Bool]](repeating: [Bool](repeating: false, count: rows), count: count)
        var sizes = [Int](repeating: 0, count: count)
        for (_, element) in order {
            let fold = sizes.indices.min { sizes[$0] < sizes[$1] }!
            for row in elements[element] where !isTested[fold][row] {
                isTested[fold][row] = true
                sizes[fold] += 1
            }
        }
        return isTested.map { flags in flags.indices.filter { flags[$0] } }
    }
}
