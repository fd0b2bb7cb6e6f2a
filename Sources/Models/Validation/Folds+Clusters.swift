import MaterialsCore

extension Folds {
    /// Leave one cluster out: materials that resemble each other are tested together, by a fit that saw nothing like them.
    ///
    /// The clusters see the features (never the targets) of all rows. They only say which rows a fold tests; nothing of them reaches
    /// a fit.
    ///
    /// - Parameters:
    ///   - count: clusters, usually 10; fewer come out where rows coincide
    ///   - features: of all rows; missing values count as the mean
    ///   - seed: of k-means++, the best of four starts
    /// - Throws: `MatSieveError.usage` for fewer than two clusters, more clusters than rows, or rows that are all alike.
    /// - Source: B. Meredig et al., Mol. Syst. Des. Eng. 3, 819 (2018), doi:10.1039/C8ME00012C; D. Arthur, S. Vassilvitskii,
    ///   SODA 2007, 1027.
    public static func clusters(_ count: Int = 10, features: FeatureMatrix, seed: UInt64) throws -> Folds {
        guard count >= 2, count <= features.rows else {
            throw MatSieveError.usage("\(count) clusters of \(features.rows) rows: choose from 2 to the number of rows")
        }
        let scaling = FeatureStandardization(features)
        let found = KMeans(scaling.apply(features), rows: features.rows, count: count, seed: seed, starts: 4)
        var rows = [[Int]](repeating: [], count: found.count)
        for (row, cluster) in found.labels.enumerated() { rows[cluster].append(row) }
        rows.removeAll(where: \.isEmpty)
        guard rows.count > 1 else {
            throw MatSieveError.usage("leave one cluster out: the features of all \(features.rows) rows are alike; choose another grouping")
        }
        return Folds(scheme: "leave one of \(rows.count) clusters out", testRows: rows)
    }

    /// The same division `times` times with seeds of its own, one fold after the other.
    /// - Throws: `MatSieveError.usage` for fewer than one time; what `make` throws.
    public static func repeated(_ times: Int, seed: UInt64, _ make: (_ seed: UInt64) throws -> Folds) throws -> Folds {
        guard times >= 1 else { throw MatSieveError.usage("\(times) repeats of the folds: at least 1 is needed") }
        if times == 1 { return try make(seed) }
        var random = SplitMix64(seed: seed)
        let all = try (0..<times).map { try make($0 == 0 ? seed : random.next()) }
        return Folds(scheme: "\(times) times \(all[0].scheme)", testRows: all.flatMap(\.testRows))
    }
}
