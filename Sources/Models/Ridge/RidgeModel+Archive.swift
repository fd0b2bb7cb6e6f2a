import LinearAlgebra
import MaterialsCore

extension RidgeModel {
    /// The parameters, enough to make the model again; an unknown noise variance is -1.
    public var parameters: ParameterArchive {
        func column(_ values: [Double]) -> ParameterArchive.Entry { .doubles(values, shape: [values.count]) }
        func number(_ value: Double) -> ParameterArchive.Entry { .doubles([value], shape: [1]) }
        return ParameterArchive([
            "task": .string(task.rawValue),
            "source_columns": .integers([Int64(scaling.sourceColumns)], shape: [1]),
            "kept": .integers(scaling.kept.map { Int64($0) }, shape: [scaling.kept.count]),
            "means": column(scaling.means), "factors": column(scaling.factors), "weights": column(weights),
            "intercept": number(intercept), "alpha": number(alpha),
            "noise_variance": number(leverage.noiseVariance.isNaN ? -1 : leverage.noiseVariance),
            "rows": .integers([Int64(leverage.rows)], shape: [1]),
            "directions": .doubles(leverage.directions.values, shape: [leverage.directions.rows, leverage.directions.columns]),
            "stiffness": column(leverage.stiffness),
        ])
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the ridge model is damaged or from another version; train it anew")
        guard let task = LearningTask(rawValue: try parameters.string("task")) else { throw damaged }
        let kept = try parameters.integers("kept")
        let sourceColumns = try parameters.integer("source_columns")
        guard kept.allSatisfy({ $0 >= 0 && $0 < Int64(sourceColumns) }), zip(kept, kept.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw damaged
        }
        let scaling = ColumnScaling(
            sourceColumns: sourceColumns, kept: kept.map { Int($0) }, means: try parameters.doubles("means", count: kept.count),
            factors: try parameters.doubles("factors", count: kept.count))
        let stiffness = try parameters.doubles("stiffness")
        let weights = try parameters.doubles("weights", count: kept.count)
        let (cells, overflow) = kept.count.multipliedReportingOverflow(by: stiffness.count)
        guard !overflow else { throw damaged }
        let directions = try parameters.doubles("directions", count: cells)
        let noise = try parameters.double("noise_variance")
        let leverage = Leverage(
            noiseVariance: noise < 0 ? .nan : noise, rows: try parameters.integer("rows"),
            directions: Matrix(rows: kept.count, columns: stiffness.count, values: directions), stiffness: stiffness)
        let (intercept, alpha) = (try parameters.double("intercept"), try parameters.double("alpha"))
        let all = [scaling.means, scaling.factors, weights, stiffness, directions, [intercept, alpha, noise]]
        guard all.allSatisfy({ $0.allSatisfy(\.isFinite) }), alpha > 0, leverage.rows >= 0 else { throw damaged }
        self.init(task: task, scaling: scaling, alpha: alpha, weights: weights, intercept: intercept, leverage: leverage)
    }
}
