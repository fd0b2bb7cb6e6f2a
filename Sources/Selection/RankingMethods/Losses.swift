import MaterialsCore

extension [Objective] {
    /// What is to be minimised, for every row of a batch, rows one after the other.
    func losses(_ batch: ObjectiveBatch) -> [Double] {
        let rows = batch.indices.count
        var points = [Double](repeating: 0, count: rows * count)
        for (k, objective) in enumerated() {
            let column = batch.columns[k]
            if let target = objective.target {
                for row in 0..<rows { points[row * count + k] = abs(column[row] - target) }
            } else {
                let sign = objective.maximize ? -1.0 : 1
                for row in 0..<rows { points[row * count + k] = sign * column[row] }
            }
        }
        return points
    }

    /// What is to be minimised, candidates one after the other.
    func losses(_ candidates: [KeptCandidate]) -> [Double] {
        var points: [Double] = []
        points.reserveCapacity(candidates.count * count)
        for candidate in candidates { for k in indices { points.append(self[k].loss(candidate.objectives[k])) } }
        return points
    }

    /// Refuses no objectives at all.
    func requireOne(_ method: String, line: Int) throws {
        if isEmpty { throw Settings.error(line, "ranking '\(method)' needs at least one objective, such as {minimize: gap}") }
    }

    /// Refuses what a method would silently leave aside.
    func refuseUnused(_ method: String, line: Int, weights: Bool = false, tolerances: Bool = false, exponents: Bool = false) throws {
        for o in self {
            let unused =
                !weights && o.weight != 1
                ? ("the weight", "weighted-sum")
                : !tolerances && o.tolerance != 0
                    ? ("the tolerance", "lexicographic") : !exponents && !o.exponents.isEmpty ? ("the exponent", "desirability") : nil
            guard let (what, other) = unused else { continue }
            throw Settings.error(
                line, "ranking '\(method)' has no use for \(what) of '\(o.property)'; leave it out, or take method '\(other)'")
        }
    }

    /// Weights, checked to be positive.
    func checkedWeights(line: Int) throws -> [Double] {
        for o in self where !(o.weight.isFinite && o.weight > 0) {
            throw Settings.error(line, "the weight of objective '\(o.property)' must be a positive number")
        }
        return map(\.weight)
    }
}

/// Order of points that lie one after the other: lexicographic, equal ones by index. What dominates a point stands before it.
func lexicographicOrder(_ points: [Double], dimension: Int, _ candidates: [KeptCandidate], _ members: [Int]? = nil) -> [Int] {
    (members ?? Array(candidates.indices)).sorted { a, b in
        let order = lexicographicComparison(points, dimension, a, b)
        return order != 0 ? order < 0 : candidates[a].index < candidates[b].index
    }
}

/// −1, 0 or 1 where point `a` comes before, equals or comes after point `b`.
func lexicographicComparison(_ points: [Double], _ dimension: Int, _ a: Int, _ b: Int) -> Int {
    for k in 0..<dimension {
        let (x, y) = (points[a * dimension + k], points[b * dimension + k])
        if x != y { return x < y ? -1 : 1 }
    }
    return 0
}
