extension CompetingPhases {
    /// The facet above which `x` lies, by the primal simplex method from the elements; `excluded` takes no part.
    ///
    /// - Numerics: Dantzig's rule, after some hundred steps Bland's, which cannot cycle.
    /// - Cost: about three steps an element, each `dimension · count`.
    /// - Source: G. B. Dantzig, Linear Programming and Extensions (1963); R. G. Bland, Math. Oper. Res. 2, 103 (1977), doi:10.1287/moor.2.2.103.
    func facet(at x: Span<Double>, excluding excluded: Int? = nil) -> SimplexBasis {
        var basis = SimplexBasis(elements: dimension)
        var reduced = [Double](repeating: 0, count: count)
        let patience = 100 + 20 * dimension
        for step in 0..<100 * patience {
            priceColumns(basis, &reduced)
            if let excluded { reduced[excluded] = .infinity }
            guard let entering = step < patience ? steepest(reduced) : reduced.firstIndex(where: { $0 < -priceTolerance }) else { break }
            let direction = amounts(ofColumn: entering, in: basis)
            guard let leaving = blocking(basis, basis.amounts(of: x), direction) else { break }
            basis.replace(leaving, by: entering, direction)
        }
        basis.canonicalize(self)
        return basis
    }

    /// What each column costs more than the basis would in its place.
    func priceColumns(_ basis: SimplexBasis, _ reduced: inout [Double]) {
        let potentials = basis.potentials(costs)
        for j in 0..<count { reduced[j] = costs[j] }
        for i in 0..<dimension where potentials[i] != 0 {
            let (potential, first) = (potentials[i], i * count)
            for j in 0..<count { reduced[j] -= potential * fractions[first + j] }
        }
        for column in basis.columns { reduced[column] = 0 }
    }

    /// Amounts of the basis in a column.
    private func amounts(ofColumn column: Int, in basis: SimplexBasis) -> [Double] {
        let n = dimension
        return (0..<n).map { k in
            var sum = 0.0
            for i in 0..<n { sum += basis.inverse[k * n + i] * fractions[i * count + column] }
            return sum
        }
    }

    private func steepest(_ reduced: [Double]) -> Int? {
        var (best, column) = (-priceTolerance, -1)
        for j in 0..<count where reduced[j] < best { (best, column) = (reduced[j], j) }
        return column < 0 ? nil : column
    }

    /// The place in the basis that is used up first; of equals the one with the lowest column.
    private func blocking(_ basis: SimplexBasis, _ amounts: [Double], _ direction: [Double]) -> Int? {
        var (best, place): (Double, Int?) = (.infinity, nil)
        for k in 0..<dimension where direction[k] > basis.leastPivot(k) {
            let ratio = max(0, amounts[k]) / direction[k]
            let isTie = abs(ratio - best) <= 1e-14
            if isTie ? basis.columns[k] < basis.columns[place!] : ratio < best { (best, place) = (ratio, k) }
        }
        return place
    }
}

/// Gains below this are rounding.
let priceTolerance = 1e-12
/// Amounts below this are no pivots, where the inverse is of ordinary size.
let pivotTolerance = 1e-10
