/// Columns that make up any composition of a system, and the inverse of their fractions: a facet, or a step on the way to one.
struct SimplexBasis {
    /// One column an element of the system.
    var columns: [Int]
    /// Row k gives the amount of `columns[k]` in a composition.
    var inverse: [Double]
    let dimension: Int

    /// The elements themselves.
    init(elements dimension: Int) {
        columns = Array(0..<dimension)
        inverse = [Double](repeating: 0, count: dimension * dimension)
        for i in 0..<dimension { inverse[i * dimension + i] = 1 }
        self.dimension = dimension
    }

    /// Amounts of the columns in `x`.
    func amounts(of x: Span<Double>) -> [Double] {
        (0..<dimension).map { k in
            var sum = 0.0
            for i in 0..<dimension { sum += inverse[k * dimension + i] * x[i] }
            return sum
        }
    }

    /// Chemical potentials at which all columns of the basis are in balance.
    func potentials(_ energies: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: dimension)
        for k in 0..<dimension {
            let energy = energies[columns[k]]
            for i in 0..<dimension { result[i] += energy * inverse[k * dimension + i] }
        }
        return result
    }

    /// Amounts of `columns[k]` in a column up to this are rounding: more where the basis is thin and its inverse large.
    func leastPivot(_ k: Int) -> Double {
        var largest = 0.0
        for i in 0..<dimension { largest = max(largest, abs(inverse[k * dimension + i])) }
        return pivotTolerance * max(1, 1e-3 * largest)
    }

    /// Replaces `columns[k]` by a column of which `direction[k]` is the amount.
    mutating func replace(_ k: Int, by column: Int, _ direction: [Double]) {
        let n = dimension
        columns[k] = column
        let scale = 1 / direction[k]
        for i in 0..<n { inverse[k * n + i] *= scale }
        for r in 0..<n where r != k && direction[r] != 0 {
            let factor = direction[r]
            for i in 0..<n { inverse[r * n + i] -= factor * inverse[k * n + i] }
        }
    }

    /// Sorts the columns and inverts anew, so that nothing tells how the basis was reached.
    mutating func canonicalize(_ phases: CompetingPhases) {
        columns.sort()
        let n = dimension
        var left = [Double](repeating: 0, count: n * n)
        for i in 0..<n { for k in 0..<n { left[i * n + k] = phases.fractions[i * phases.count + columns[k]] } }
        inverse = invert(&left, n)
    }
}

/// Inverse of an n × n matrix by Gauss and Jordan with the largest pivot of each column; `matrix` is used up.
private func invert(_ matrix: inout [Double], _ n: Int) -> [Double] {
    var result = SimplexBasis(elements: n).inverse
    for c in 0..<n {
        let pivot = (c..<n).max { abs(matrix[$0 * n + c]) < abs(matrix[$1 * n + c]) }!
        if pivot != c {
            for k in 0..<n {
                matrix.swapAt(c * n + k, pivot * n + k)
                result.swapAt(c * n + k, pivot * n + k)
            }
        }
        let scale = 1 / matrix[c * n + c]
        for k in 0..<n {
            matrix[c * n + k] *= scale
            result[c * n + k] *= scale
        }
        for r in 0..<n where r != c {
            let factor = matrix[r * n + c]
            if factor == 0 { continue }
            for k in 0..<n {
                matrix[r * n + k] -= factor * matrix[c * n + k]
                result[r * n + k] -= factor * result[c * n + k]
            }
        }
    }
    return result
}
