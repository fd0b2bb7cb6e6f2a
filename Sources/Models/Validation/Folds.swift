import MaterialsCore

/// Which rows are tested when.
public struct Folds: Equatable, Sendable {
    /// How they were made, for the summary: `column 'fold'`, `5 folds`, `hold-out 20 %`.
    public let scheme: String
    /// Rows that each fold tests, ascending. Repeated folds and folds by element test a row several times, others at most once.
    ///
    /// A fold learns from all rows that it does not test.
    public let testRows: [[Int]]

    /// One fold a distinct value of a column, in numeric order where all are numbers, else in text order.
    /// - Throws: `MatSieveError.input` for fewer than two values or an empty one.
    public static func column(_ labels: [String], name: String) throws -> Folds {
        if let row = labels.firstIndex(of: "") {
            throw MatSieveError.input("fold column '\(name)': row \(row + 1) is empty; give each row a fold")
        }
        let distinct = Set(labels)
        guard distinct.count > 1 else {
            throw MatSieveError.input("fold column '\(name)' has \(distinct.count) distinct value; at least two folds are needed")
        }
        let areNumbers = distinct.allSatisfy { Double($0)?.isFinite == true }
        let order = distinct.sorted { areNumbers && Double($0)! != Double($1)! ? Double($0)! < Double($1)! : $0 < $1 }
        let number = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        var rows = [[Int]](repeating: [], count: order.count)
        for (row, label) in labels.enumerated() { rows[number[label]!].append(row) }
        return Folds(scheme: "column '\(name)'", testRows: rows)
    }

    /// `count` folds of equal size by a seeded shuffle; in a classification each has its share of each class.
    /// - Throws: `MatSieveError.usage` for fewer than two folds or more folds than rows.
    public static func random(_ count: Int, targets: [Double], task: LearningTask, seed: UInt64) throws -> Folds {
        guard count >= 2, count <= targets.count else {
            throw MatSieveError.usage(
                "\(count) folds can't be made of \(targets.count) rows; ask for 2 to \(max(targets.count, 2)), or hold nothing out")
        }
        var rows = [[Int]](repeating: [], count: count)
        for (place, row) in shuffled(targets, task, seed).enumerated() { rows[place % count].append(row) }
        return Folds(scheme: "\(count) folds", testRows: rows.map { $0.sorted() })
    }

    /// `count` folds of whole groups: a seeded order of the groups, the largest first, each to the fold with the fewest rows so far.
    /// - Throws: `MatSieveError.usage` for one group only, fewer than two folds or more folds than groups.
    public static func groups(_ count: Int, labels: [UInt64], name: String, seed: UInt64) throws -> Folds {
        var members: [UInt64: [Int]] = [:]
        for (row, label) in labels.enumerated() { members[label, default: []].append(row) }
        guard members.count > 1 else {
            throw MatSieveError.usage(
                "grouped by \(name), all \(labels.count) rows are one group, of which no folds can be made; leave the grouping out")
        }
        guard count >= 2, count <= members.count else {
            throw MatSieveError.usage("\(count) folds of \(members.count) groups (\(name)): choose from 2 to the number of groups")
        }
        let groups = members.values.sorted { $0[0] < $1[0] }
        var random = SplitMix64(seed: seed)
        let order = random.permutation(groups.count).enumerated().sorted {
            let (a, b) = (groups[$0.element].count, groups[$1.element].count)
            return a != b ? a > b : $0.offset < $1.offset
        }
        var rows = [[Int]](repeating: [], count: count)
        for (_, group) in order {
            let fold = rows.indices.min { rows[$0].count < rows[$1].count }!
            rows[fold] += groups[group]
        }
        return Folds(scheme: "\(count) folds by \(name)", testRows: rows.map { $0.sorted() })
    }

    /// One fold: a part of the rows by a seeded shuffle; in a classification that part of each class.
    /// - Throws: `MatSieveError.usage` where the fraction leaves no row to test or to learn from.
    public static func holdOut(_ fraction: Double, targets: [Double], task: LearningTask, seed: UInt64) throws -> Folds {
        let count = fraction > 0 && fraction < 1 ? Int((Double(targets.count) * fraction).rounded()) : 0
        guard count > 0, count < targets.count else {
            throw MatSieveError.usage("hold-out of \(fraction) of \(targets.count) rows leaves nothing to test or to learn from; try 0.2")
        }
        // Every k-th of the rows in class order is the same part of each class.
        let order = shuffled(targets, task, seed)
        let chosen = (0..<count).map { order[$0 * order.count / count] }
        return Folds(scheme: "hold-out \(fraction)", testRows: [chosen.sorted()])
    }

    /// All rows in random order; in a classification the classes stand one after the other, by code.
    private static func shuffled(_ targets: [Double], _ task: LearningTask, _ seed: UInt64) -> [Int] {
        var random = SplitMix64(seed: seed)
        let order = random.permutation(targets.count)
        guard task == .classification else { return order }
        return Set(targets).sorted().flatMap { c in order.filter { targets[$0] == c } }
    }
}
