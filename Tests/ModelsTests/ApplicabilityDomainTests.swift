import MaterialsCore
import Testing

@testable import Models

/// Rows around three centers in 3 of 10 dimensions, with a little noise in all.
private func rows(_ count: Int, seed: UInt64) -> FeatureMatrix {
    var random = SplitMix64(seed: seed)
    var features = FeatureMatrix(rows: count, columns: 10)
    for row in 0..<count {
        for c in 0..<10 { features[row, c] = 100 * (Double(row % 3 == c ? 5 : 0) + (c < 3 ? 1 : 0.01) * deviate(&random)) }
    }
    return features
}

@Suite struct ApplicabilityDomainTests {
    @Test func freshRowsOfTheSameKindAreInsideAndOthersOutside() throws {
        let domain = try ApplicabilityDomain.fit(rows(1_500, seed: 1), seed: 1)
        let fresh = domain.distances(rows(2_000, seed: 2))
        let outside = Double(fresh.count { $0 > 1 }) / 2_000
        #expect(outside > 0.003 && outside < 0.025, "\(outside)")
        var odd = rows(3, seed: 3)
        // Far along a direction of the rows, between the clusters, and off all directions.
        odd[0, 0] += 3_000
        (odd[1, 0], odd[1, 1], odd[1, 2]) = (700, 700, 700)
        odd[2, 9] += 50
        #expect(domain.distances(odd).allSatisfy { $0 > 1 })
        var flags = [1.0, 1, 0, 1]
        domain.judge(FeatureMatrix(rows: 4, columns: 10, values: rows(1, seed: 4).values + odd.values), inDomain: &flags)
        #expect(flags == [1, 0, 0, 0])
    }

    @Test func missingIsTheMeanAndInfiniteIsFar() throws {
        var learned = rows(600, seed: 1)
        for row in stride(from: 0, to: 600, by: 9) { learned[row, 4] = .nan }
        let domain = try ApplicabilityDomain.fit(learned, seed: 1)
        var features = rows(3, seed: 2)
        features[0, 5] = .nan
        features[1, 0] = .infinity
        features[2, 0] = -1e300
        let distances = domain.distances(features)
        #expect(distances[0] < 1.5 && distances[1] > 1 && distances[2] > 1 && distances.allSatisfy(\.isFinite))
    }

    @Test func aRowDoesNotDependOnItsBatchAndTheSeedFixesTheBytes() throws {
        let learned = rows(400, seed: 1)
        let domain = try ApplicabilityDomain.fit(learned, seed: 7)
        #expect(try ApplicabilityDomain.fit(learned, seed: 7).parameters == domain.parameters)
        let fresh = rows(50, seed: 3)
        let whole = domain.distances(fresh)
        for size in [1, 3, 7, 49] {
            let parts = stride(from: 0, to: 50, by: size).flatMap { first in
                domain.distances(fresh.selecting(Array(first..<min(first + size, 50))))
            }
            #expect(parts.bits == whole.bits)
        }
        let read = try ApplicabilityDomain(parameters: domain.parameters)
        #expect(read == domain && read.distances(fresh).bits == whole.bits && read.parameters == domain.parameters)
    }

    @Test func fewConstantOrManyColumnsAreFine() throws {
        for count in [0, 1, 3, 19] {
            let domain = try ApplicabilityDomain.fit(rows(count, seed: 1), seed: 1)
            #expect(domain.distances(rows(5, seed: 2)) == [0, 0, 0, 0, 0])
            #expect(try ApplicabilityDomain(parameters: domain.parameters) == domain)
        }
        let constant = FeatureMatrix(rows: 30, columns: 2, values: [Double](repeating: 4, count: 60))
        #expect(try ApplicabilityDomain.fit(constant, seed: 1).distances(constant).allSatisfy { $0 == 0 })
        var random = SplitMix64(seed: 2)
        let wide = FeatureMatrix(rows: 40, columns: 700, values: (0..<28_000).map { _ in random.nextUnit() })
        #expect(try ApplicabilityDomain.fit(wide, seed: 1).distances(wide).allSatisfy { $0 < 1 })
        let twins = FeatureMatrix(rows: 40, columns: 1, values: (0..<40).map { Double($0 % 2) })
        #expect(try ApplicabilityDomain.fit(twins, seed: 1).distances(FeatureMatrix(rows: 2, columns: 1, values: [1, 9])).last! > 1)
    }

    @Test func categoryCodesAreLeftOut() throws {
        var learned = rows(200, seed: 1)
        for row in 0..<200 { learned[row, 9] = Double(row % 4) }
        let domain = try ApplicabilityDomain.fit(learned, categoricalColumns: [9], seed: 1)
        var (a, b) = (rows(1, seed: 2), rows(1, seed: 2))
        (a[0, 9], b[0, 9]) = (0, 60_000)
        #expect(domain.distances(a) == domain.distances(b))
    }

    @Test func damageIsRefused() throws {
        let archive = try ApplicabilityDomain.fit(rows(100, seed: 1), seed: 1).parameters
        for key in archive.entries.keys {
            for replacement in [
                nil, ParameterArchive.Entry.doubles([], shape: [0]), .integers([-1, 1, 1], shape: [3]), .string("?"),
                .integers([10, 17, 5], shape: [3]), .integers([1 << 40, 3, 5], shape: [3]),
            ] where replacement != archive[key] {
                var damaged = archive
                damaged[key] = replacement
                #expect(throws: MatSieveError.self, "\(key)") { try ApplicabilityDomain(parameters: damaged) }
            }
            if case .doubles(var values, let shape)? = archive[key] {
                values[0] = .nan
                var damaged = archive
                damaged[key] = .doubles(values, shape: shape)
                #expect(throws: MatSieveError.self, "\(key)") { try ApplicabilityDomain(parameters: damaged) }
            }
        }
    }

    /// Phonons of Matbench: a model that leaves clusters out errs more on what its domain does not hold.
    @Test func errorsAreLargerOutside() throws {
        let (data, elements) = try ValidationReference.phonons()
        for folds in [
            try Folds.clusters(5, features: data.features, seed: 1), try Folds.elements(12, of: elements, seed: 1),
        ] {
            var (inside, outside): ([Double], [Double]) = ([], [])
            _ = try CrossValidation.run(
                data, folds: folds,
                inspect: { model, tested, fold in
                    let judged = data.features.selecting(tested)
                    let learned = data.features.selecting(folds.learnedRows(fold, of: data.targets.count))
                    let distances = try ApplicabilityDomain.fit(learned, seed: 1).distances(judged)
                    let means = model.predictions(judged).mean
                    for (i, row) in tested.enumerated() {
                        let error = (means[i] - data.targets[row]).magnitude
                        if distances[i] > 1 { outside.append(error) } else { inside.append(error) }
                    }
                },
                fit: { training, _ in
                    var s = try settings(["trees": 40, "leaves": 15, "early_stopping_rounds": 0, "validation_fraction": 0])
                    return try BoostedTreesModel.fit(training, settings: &s, context: TrainingContext(seed: 1))
                })
            let (near, far) = (inside.reduce(0, +) / Double(inside.count), outside.reduce(0, +) / Double(outside.count))
            #expect(outside.count > 20 && far > 1.3 * near, "\(folds.scheme): \(inside.count) \(near), \(outside.count) \(far)")
        }
    }
}

@Suite struct KMeansTests {
    @Test func clearClustersAreFound() {
        let features = rows(300, seed: 1)
        let found = KMeans(features.values, rows: 300, count: 3, seed: 4, starts: 4)
        // The clusters lie 7 deviations apart: a point or two may be nearer to another center.
        #expect((0..<300).count { found.labels[$0] != found.labels[$0 % 3] } <= 2)
        #expect(Set(found.labels.prefix(3)).count == 3)
    }

    @Test func coincidingPointsGiveFewerClusters() {
        let found = KMeans([1, 1, 2, 2, 1], rows: 5, count: 4, seed: 1)
        #expect(found.count == 2 && found.labels[0] == found.labels[4] && found.labels[0] != found.labels[2])
        #expect(KMeans([], rows: 0, count: 3, seed: 1).labels.isEmpty)
    }

    @Test func productsGiveTheNearestCenter() {
        var random = SplitMix64(seed: 6)
        let (points, centers) = ((0..<600).map { _ in random.nextUnit() }, (0..<33).map { _ in random.nextUnit() })
        let labels = NearestCenters(centers, count: 11, columns: 3).labels(points, rows: 200)
        for row in 0..<200 {
            let squares = (0..<11).map { k in
                (0..<3).reduce(0.0) { $0 + (points[row * 3 + $1] - centers[k * 3 + $1]) * (points[row * 3 + $1] - centers[k * 3 + $1]) }
            }
            #expect(squares[labels[row]] <= squares.min()! + 1e-14)
        }
    }
}
