import LinearAlgebra
import MaterialsCore

extension RidgeModel {
    /// The parameters, enough to make the model again; an unknown noise variance is -1.
    public var parameters: ParameterArchive {
        func column(_ values: [Double]) -> ParameterArchive.Entry { .doubles(values, shape: [values.count]) }
        var archive = scaling.archive
        archive["class_count"] = .integers([Int64(classCount)], shape: [1])
        archive["weights"] = .doubles(weights.flatMap { $0 }, shape: [weights.count, scaling.kept.count])
        archive["intercepts"] = column(intercepts)
        archive["alpha"] = column([alpha])
        archive["noise_variance"] = column([leverage.noiseVariance.isNaN ? -1 : leverage.noiseVariance])
        archive["rows"] = .integers([Int64(leverage.rows)], shape: [1])
        archive["directions"] = .doubles(
            leverage.directions.values, shape: [leverage.directions.rows, leverage.directions.columns])
        archive["stiffness"] = column(leverage.stiffness)
        return archive
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the ridge model is damaged or from another version; train it anew")
        let scaling = try ColumnScaling(archive: parameters)
        let (classCount, kept) = (try parameters.integer("class_count"), scaling.kept.count)
        guard classCount == 0 || (2...1_000_000).contains(classCount) else { throw damaged }
        let scores = classCount > 2 ? classCount : 1
        let stiffness = try parameters.doubles("stiffness")
        let (cells, overflow) = kept.multipliedReportingOverflow(by: stiffness.count)
        let (weightCount, tooMany) = kept.multipliedReportingOverflow(by: scores)
        guard !overflow, !tooMany else { throw damaged }
        let weights = try parameters.doubles("weights", count: weightCount)
        let intercepts = try parameters.doubles("intercepts", count: scores)
        let directions = try parameters.doubles("directions", count: cells)
        let (alpha, noise) = (try parameters.double("alpha"), try parameters.double("noise_variance"))
        let leverage = Leverage(
            noiseVariance: noise < 0 ? .nan : noise, rows: try parameters.integer("rows"),
            directions: Matrix(rows: kept, columns: stiffness.count, values: directions), stiffness: stiffness)
        let all = [weights, intercepts, stiffness, directions, [alpha, noise]]
        guard all.allSatisfy({ $0.allSatisfy(\.isFinite) }), alpha > 0, leverage.rows >= 0 else { throw damaged }
        self.init(
            classCount: classCount, scaling: scaling, alpha: alpha,
            weights: (0..<scores).map { Array(weights[$0 * kept..<($0 + 1) * kept]) }, intercepts: intercepts, leverage: leverage)
    }
}
