import MaterialsCore

/// Features as linear models, networks and neighbours want them: categories spread, columns standardised, outliers held.
struct FeatureEncoding: Equatable, Sendable {
    let expansion: ColumnExpansion
    let scaling: ColumnScaling

    /// Columns of the feature matrix.
    var sourceColumns: Int { expansion.sourceColumns }
    /// Columns that come out.
    var columns: Int { scaling.kept.count }

    /// Measures the columns.
    /// - Parameters:
    ///   - marksMissing: adds a column for each pattern of missing values
    ///   - clip: ranges of the training values that a value may lie outside them
    ///   - bound: largest magnitude of a standardised value
    ///   - rootsOfFractions: see `ColumnScaling`
    init(
        _ data: TrainingData, marksMissing: Bool = false, clip: Double = 1, bound: Double = .infinity, rootsOfFractions: Bool = false
    ) throws {
        expansion = ColumnExpansion(data, marksMissing: marksMissing)
        var expanded = data
        expanded.features = expansion.apply(data.features)
        expanded.featureNames = expansion.names(data.featureNames)
        scaling = try ColumnScaling(expanded, clip: clip, rootsOfFractions: rootsOfFractions).bounded(by: bound)
    }

    /// Only some of the columns that come out.
    func selecting(_ places: [Int]) -> FeatureEncoding { FeatureEncoding(expansion: expansion, scaling: scaling.selecting(places)) }

    private init(expansion: ColumnExpansion, scaling: ColumnScaling) { (self.expansion, self.scaling) = (expansion, scaling) }

    /// Rows × `columns`.
    func apply(_ features: FeatureMatrix) -> [Double] { scaling.apply(expansion.apply(features)) }
}

extension FeatureEncoding {
    /// The entries of the scaling, and `numeric`, `categorical`, `codes`, `code_counts`, `flagged`, `feature_count`.
    var archive: ParameterArchive {
        func integers(_ values: [Int]) -> ParameterArchive.Entry { .integers(values.map { Int64($0) }, shape: [values.count]) }
        var archive = scaling.archive
        archive["feature_count"] = integers([expansion.sourceColumns])
        archive["numeric"] = integers(expansion.numeric)
        archive["categorical"] = integers(expansion.categorical)
        archive["code_counts"] = integers(expansion.codes.map(\.count))
        archive["codes"] = integers(expansion.codes.flatMap { $0 })
        archive["flagged"] = integers(expansion.flagged)
        return archive
    }

    /// Reads the entries of `archive`.
    /// - Throws: `MatSieveError.input` where they are damaged.
    init(archive: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the preparation of the features is damaged or from another version; train it anew")
        let count = try archive.integer("feature_count")
        func columns(_ name: String) throws -> [Int] {
            let values = try archive.integers(name)
            guard values.allSatisfy({ $0 >= 0 && $0 < Int64(count) }), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw damaged
            }
            return values.map { Int($0) }
        }
        let (numeric, categorical, flagged) = (try columns("numeric"), try columns("categorical"), try columns("flagged"))
        guard Set(numeric).isDisjoint(with: categorical), numeric.count + categorical.count == count else { throw damaged }
        let counts = try archive.integers("code_counts", count: categorical.count)
        let all = try archive.integers("codes")
        guard counts.allSatisfy({ $0 >= 0 && $0 <= Int64(all.count) }), counts.reduce(0, +) == Int64(all.count) else { throw damaged }
        var (codes, place): ([[Int]], Int) = ([], 0)
        for n in counts {
            codes.append(all[place..<place + Int(n)].map { Int($0) })
            place += Int(n)
        }
        expansion = ColumnExpansion(sourceColumns: count, numeric: numeric, categorical: categorical, codes: codes, flagged: flagged)
        scaling = try ColumnScaling(archive: archive)
        guard scaling.sourceColumns == expansion.columns else { throw damaged }
    }
}
