import MaterialsCore

/// Standard deviations for a model that knows none: learned from its errors on rows that its fits did not see.
///
///     log |y - ŷ| ≈ f(features, ŷ),   σ = factor · exp(strength · f),   0 ≤ strength ≤ 1
///
/// f is a small run of boosted trees on squared loss. Factor and strength are those of the largest Gaussian likelihood of errors
/// whose f comes from trees that did not see the row. If that likelihood does not beat the one of a constant σ by more than a
/// standard error, the strength is 0: every row gets the same σ.
///
/// - Input:    the model's features; category codes are taken as they are
/// - Output:   standard deviation of each row, at least 1 % of the root mean square held-out error
/// - Errors:   `stopped` when cancelled
/// - Numerics: the trees' guarantees: the same model for any number of threads, the same σ in any batch and on any CPU
/// - Cost:     fitted on at most 20,000 held-out rows; evaluated as 100 trees of 8 leaves
/// - Source:   D. A. Nix, A. S. Weigend, ICNN 1994, 55, doi:10.1109/ICNN.1994.374138 (errors learned beside the mean);
///   G. Palmer et al., npj Comput. Mater. 8, 115 (2022), doi:10.1038/s41524-022-00794-8 (calibrated on held-out errors)
public struct ErrorModel: Sendable {
    /// Nil where σ is constant.
    let trees: BoostedTreesModel?
    /// σ where f is 0.
    let factor: Double
    let strength: Double
    /// Least σ.
    let floor: Double

    init(trees: BoostedTreesModel?, factor: Double, strength: Double, floor: Double) {
        (self.trees, self.factor, self.strength, self.floor) = (trees, factor, strength, floor)
    }

    /// True where all rows get the same σ, since nothing better could be learned.
    public var isConstant: Bool { trees == nil }

    /// Writes the standard deviation of each row, given the prediction's means.
    public func fillSpread(_ features: FeatureMatrix, of prediction: inout Prediction) {
        guard let trees else {
            for row in prediction.spread.indices { prediction.spread[row] = max(factor, floor) }
            return
        }
        let logarithms = trees.predictions(Self.extended(features, by: prediction.mean)).mean
        for row in logarithms.indices {
            prediction.spread[row] = max(factor * PortableMath.exp(strength * logarithms[row]), floor)
        }
    }

    /// Features with the prediction as a further column.
    static func extended(_ features: FeatureMatrix, by means: [Double]) -> FeatureMatrix {
        var values: [Double] = []
        values.reserveCapacity(features.rows * (features.columns + 1))
        for row in 0..<features.rows {
            values.append(contentsOf: features.row(row))
            values.append(means[row])
        }
        return FeatureMatrix(rows: features.rows, columns: features.columns + 1, values: values)
    }
}

extension ErrorModel {
    /// A trained error model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        let numbers = try parameters.doubles("spread", count: 3)
        guard numbers.allSatisfy({ $0 >= 0 && $0 < .infinity }), numbers[1] <= 1 else {
            throw MatSieveError.input("model file: the error model's 'spread' is damaged; train it anew")
        }
        let trees = parameters.group("trees")
        self.init(
            trees: trees.entries.isEmpty ? nil : try BoostedTreesModel(parameters: trees), factor: numbers[0], strength: numbers[1],
            floor: numbers[2])
    }

    /// The parameters, enough to make it again.
    public var parameters: ParameterArchive {
        var archive = ParameterArchive(["spread": .doubles([factor, strength, floor], shape: [3])])
        if let trees { archive.merge(trees.parameters, under: "trees") }
        return archive
    }
}
