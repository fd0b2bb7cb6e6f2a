import MaterialsCore

/// One goal of a search: its posterior, turned so that more is better, and where that is measured.
public struct SearchObjective: Sendable {
    /// Column that is measured.
    public let name: String
    /// False: the column's values are negated everywhere here.
    public let maximize: Bool
    /// Of the turned values.
    public internal(set) var posterior: any PosteriorModel

    /// Names a goal.
    public init(name: String, maximize: Bool, posterior: any PosteriorModel) {
        (self.name, self.maximize, self.posterior) = (name, maximize, posterior)
    }

    /// Mean and variance at some rows.
    public func values(at rows: FeatureMatrix) -> PosteriorValues { posterior.values(at: rows) }
}

/// A bound that a measured column must keep.
public struct SearchConstraint: Sendable {
    /// Column that is measured.
    public let name: String
    /// The least value, or with `isUpper` the largest.
    public let bound: Double
    /// True: values up to the bound are feasible.
    public let isUpper: Bool
    /// Of the column as it is.
    public internal(set) var posterior: any PosteriorModel

    /// Names a bound.
    public init(name: String, bound: Double, isUpper: Bool, posterior: any PosteriorModel) {
        (self.name, self.bound, self.isUpper, self.posterior) = (name, bound, isUpper, posterior)
    }

    /// Probability that the bound is kept: Φ((bound - mean) / deviation), or the opposite.
    ///
    /// - Source: M. Schonlau, W. J. Welch, D. R. Jones, IMS Lecture Notes 34, 11 (1998), doi:10.1214/lnms/1215456182
    public func probabilities(at rows: FeatureMatrix) -> [Double] {
        let v = posterior.values(at: rows)
        return v.mean.indices.map { r in
            let distance = isUpper ? bound - v.mean[r] : v.mean[r] - bound
            let deviation = v.deviation(r)
            return deviation > 0 ? NormalDistribution.cumulative(distance / deviation) : distance >= 0 ? 1 : 0
        }
    }
}

/// All that is known when the next candidate is to be chosen.
public struct SearchState: Sendable {
    /// Goals.
    public internal(set) var objectives: [SearchObjective]
    /// Bounds.
    public internal(set) var constraints: [SearchConstraint]
    /// Standardised rows with a measurement, and rows that were proposed or are being measured.
    public internal(set) var known: FeatureMatrix
    /// Median of the measured values of each objective, turned.
    public let medians: [Double]
    /// Standardised rows of the highest expected values, where an acquisition asks for them.
    public internal(set) var anchors: FeatureMatrix
    /// Seed of random draws of the next choice.
    public internal(set) var seed: UInt64

    /// What is known before the first choice.
    /// - Parameters:
    ///   - known: standardised rows with a measurement
    ///   - medians: of the turned measured values, one an objective
    public init(
        objectives: [SearchObjective], constraints: [SearchConstraint] = [], known: FeatureMatrix, medians: [Double], seed: UInt64
    ) {
        (self.objectives, self.constraints, self.known) = (objectives, constraints, known)
        (self.medians, self.seed) = (medians, seed)
        anchors = FeatureMatrix(rows: 0, columns: known.columns)
    }

    /// Expected values of the objectives at known rows that keep all bounds more likely than not; one array a row.
    public func feasibleMeans() -> [[Double]] {
        guard known.rows > 0 else { return [] }
        let means = objectives.map { $0.posterior.means(at: known) }
        let feasible = constraints.map { $0.probabilities(at: known) }
        return (0..<known.rows).filter { r in feasible.allSatisfy { $0[r] >= 0.5 } }.map { r in means.map { $0[r] } }
    }

    /// The highest expected value of the first objective at a feasible known row; nil where there is none.
    public var incumbent: Double? { feasibleMeans().map { $0[0] }.max() }

    /// Takes a candidate for measured, with the values expected of it.
    mutating func believe(_ row: FeatureMatrix) throws {
        for k in objectives.indices {
            try objectives[k].posterior.condition(on: row, target: objectives[k].posterior.means(at: row)[0])
        }
        for k in constraints.indices {
            try constraints[k].posterior.condition(on: row, target: constraints[k].posterior.means(at: row)[0])
        }
        note(row)
    }

    /// Takes in a measurement: one turned value an objective. For searches without constraints.
    public mutating func learn(_ row: FeatureMatrix, values: [Double]) throws {
        precondition(values.count == objectives.count && constraints.isEmpty)
        for k in objectives.indices { try objectives[k].posterior.condition(on: row, target: values[k]) }
        note(row)
    }

    /// Takes a candidate for known without a value.
    mutating func note(_ row: FeatureMatrix) {
        known = FeatureMatrix(rows: known.rows + 1, columns: known.columns, values: known.values + row.values)
    }
}
