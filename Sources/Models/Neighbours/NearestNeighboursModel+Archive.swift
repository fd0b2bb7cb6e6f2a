import MaterialsCore

extension NearestNeighboursModel {
    /// The parameters, enough to make the model again; an unknown squared error is -1.
    public var parameters: ParameterArchive {
        func column(_ values: [Double]) -> ParameterArchive.Entry { .doubles(values, shape: [values.count]) }
        var archive = ParameterArchive([
            "weighting": .string(vote.weighting.rawValue), "combination": .string(vote.combination.rawValue),
            "metric": .string(metric.rawValue), "counts": .integers([Int64(vote.neighbours), Int64(vote.classCount)], shape: [2]),
            "shares": column(vote.shares), "stretch": column(stretch), "targets": column(targets), "row_weights": column(rowWeights),
            "rows": .doubles(search.rows, shape: [search.count, search.width]),
            "squares": column([squares.residual.isNaN ? -1 : squares.residual, squares.variance, squares.distance]),
        ])
        archive.merge(encoding.archive, under: "features")
        return archive
    }

    /// A trained model from its parameters.
    /// - Throws: `MatSieveError.input` where they are damaged.
    public init(parameters: ParameterArchive) throws {
        let damaged = MatSieveError.input("model file: the nearest-neighbours model is damaged or from another version; train it anew")
        let encoding = try FeatureEncoding(archive: parameters.group("features"))
        let counts = try parameters.integers("counts", count: 2)
        guard let weighting = NeighbourVote.Weighting(rawValue: try parameters.string("weighting")),
            let combination = NeighbourVote.Combination(rawValue: try parameters.string("combination")),
            let metric = NeighbourSelection.Metric(rawValue: try parameters.string("metric")), (1...10_000).contains(counts[0]),
            counts[1] == 0 || (2...1_000_000).contains(counts[1])
        else { throw damaged }
        let (targets, classCount) = (try parameters.doubles("targets"), Int(counts[1]))
        let (cells, overflow) = targets.count.multipliedReportingOverflow(by: encoding.columns)
        guard !overflow, !targets.isEmpty else { throw damaged }
        let rows = try parameters.doubles("rows", count: cells)
        let rowWeights = try parameters.doubles("row_weights", count: targets.count)
        let stretch = try parameters.doubles("stretch", count: encoding.columns)
        let shares = try parameters.doubles("shares", count: classCount)
        let squares = try parameters.doubles("squares", count: 3)
        guard (targets + rows + rowWeights + stretch + shares + squares).allSatisfy(\.isFinite), rowWeights.allSatisfy({ $0 > 0 }),
            shares.allSatisfy({ $0 >= 0 }), classCount == 0 || targets.allSatisfy({ (0..<Double(classCount)).contains($0) })
        else { throw damaged }
        self.init(
            encoding: encoding, stretch: stretch, search: NeighbourSearch(rows: rows, count: targets.count, width: encoding.columns),
            targets: targets, rowWeights: rowWeights,
            vote: NeighbourVote(
                neighbours: Int(counts[0]), weighting: weighting, combination: combination, classCount: classCount, shares: shares),
            metric: metric, squares: (squares[0] < 0 ? .nan : squares[0], squares[1], squares[2]))
    }
}
