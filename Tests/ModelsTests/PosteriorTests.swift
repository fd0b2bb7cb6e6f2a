import CKernels
import MaterialsCore
import Testing

@testable import Models

private func posteriorSettings(_ values: [String: Setting.Value]) throws -> Settings {
    try Settings(
        Setting(
            .mapping(
                values.sorted { $0.key < $1.key }.map { entry in
                    let source = if case .number(let n) = entry.value { "\(n)" } else { "" }
                    return (key: entry.key, line: 3, value: Setting(entry.value, line: 3, source: source))
                })), subject: "model")
}

@Suite struct PosteriorTests {
    private func measured() throws -> (rows: FeatureMatrix, targets: [Double]) {
        let (_, columns) = try ReferenceData.table("acquisitions/measured.csv")
        return (Self.rows(columns), columns["y"]!)
    }

    private static func rows(_ columns: [String: [Double]]) -> FeatureMatrix {
        let count = columns["x1"]!.count
        return FeatureMatrix(rows: count, columns: 3, values: (0..<count).flatMap { i in ["x1", "x2", "x3"].map { columns[$0]![i] } })
    }

    private func fit<M: PosteriorModel>(_ type: M.Type, _ form: String = "rbf", features: Double? = nil) throws -> M {
        let (rows, targets) = try measured()
        var values: [String: Setting.Value] = ["kernel": .text(form), "length_scale": .number(1.3), "noise": .number(0.04)]
        if let features { values["features"] = .number(features) }
        var settings = try posteriorSettings(values)
        return try M.fit(rows, targets: targets, settings: &settings, previous: nil, context: TrainingContext(seed: 3))
    }

    @Test(arguments: ["rbf", "matern32", "matern52"]) func gaussianProcessMatchesScikitLearn(form: String) throws {
        let model = try fit(GaussianProcessPosterior.self, form)
        let (_, columns) = try ReferenceData.table("acquisitions/posterior.csv")
        let rows = Self.rows(columns)
        let found = model.values(at: rows)
        #expect(largestDifference(found.mean, columns["\(form)_mean"]!) < 1e-8)
        #expect(largestDifference(found.variance, columns["\(form)_variance"]!) < 1e-8)
        let covariances = model.covariances(of: rows, with: rows.selecting([0]))
        #expect(largestDifference(covariances.values, columns["\(form)_covariance_with_first"]!) < 1e-8)
        #expect(model.means(at: rows) == found.mean)
    }

    /// Features of many frequencies come near the process; the error falls with their square root.
    @Test(arguments: ["rbf", "matern32", "matern52"]) func randomFeaturesComeNearTheProcess(form: String) throws {
        let model = try fit(RandomFeaturePosterior.self, form, features: 20_000)
        let (_, columns) = try ReferenceData.table("acquisitions/posterior.csv")
        let found = model.values(at: Self.rows(columns))
        #expect(largestDifference(found.mean, columns["\(form)_mean"]!) < 0.1)
        #expect(largestDifference(found.variance, columns["\(form)_variance"]!) < 0.06)
    }

    @Test func conditioningIsLearningARowMore() throws {
        try checkConditioning(GaussianProcessPosterior.self, features: nil, tolerance: 1e-9)
        try checkConditioning(RandomFeaturePosterior.self, features: 301, tolerance: 2e-5)
    }

    private func checkConditioning<M: PosteriorModel>(_ type: M.Type, features: Double?, tolerance: Double) throws {
        var model = try fit(type, features: features)
        let (_, columns) = try ReferenceData.table("acquisitions/posterior.csv")
        let rows = Self.rows(columns)
        let row = rows.selecting([4])
        let (before, covariances) = (model.values(at: rows), try model.covariances(of: rows, with: row))
        try model.condition(on: row, target: 4.5)
        let after = model.values(at: rows)
        let variance = before.variance[4] + model.noiseVariance
        let mean = before.mean.indices.map { before.mean[$0] + covariances[$0, 0] * (4.5 - before.mean[4]) / variance }
        let rest = before.mean.indices.map { before.variance[$0] - covariances[$0, 0] * covariances[$0, 0] / variance }
        #expect(largestDifference(after.mean, mean) < tolerance)
        #expect(largestDifference(after.variance, rest) < tolerance)
        // The value expected changes no mean.
        var believed = try fit(type, features: features)
        try believed.condition(on: row, target: before.mean[4])
        #expect(largestDifference(believed.means(at: rows), before.mean) < tolerance)
    }

    @Test func drawsHaveTheMomentsOfThePosterior() throws {
        try checkDraws(GaussianProcessPosterior.self)
        try checkDraws(RandomFeaturePosterior.self)
    }

    private func checkDraws<M: PosteriorModel>(_ type: M.Type) throws {
        let model = try fit(type, features: type == RandomFeaturePosterior.self ? 200 : nil)
        let (_, columns) = try ReferenceData.table("acquisitions/posterior.csv")
        let rows = Self.rows(columns)
        let expected = model.values(at: rows)
        let count = 400
        var (sums, squares) = ([Double](repeating: 0, count: rows.rows), [Double](repeating: 0, count: rows.rows))
        for seed in 0..<count {
            for (r, v) in try model.sample(seed: UInt64(seed)).values(at: rows).enumerated() {
                sums[r] += v - expected.mean[r]
                squares[r] += (v - expected.mean[r]) * (v - expected.mean[r])
            }
        }
        for r in 0..<rows.rows {
            let deviation = expected.deviation(r)
            // Five standard errors of 400 draws.
            #expect(abs(sums[r] / Double(count)) < 5 * deviation / 20)
            #expect(abs(squares[r] / Double(count) / expected.variance[r] - 1) < 5 * (2.0 / Double(count)).squareRoot())
        }
    }

    @Test func aRowsAnswerDoesNotDependOnItsCompany() throws {
        try checkCompany(GaussianProcessPosterior.self)
        try checkCompany(RandomFeaturePosterior.self)
    }

    private func checkCompany<M: PosteriorModel>(_ type: M.Type) throws {
        let model = try fit(type)
        var random = SplitMix64(seed: 8)
        let rows = FeatureMatrix(rows: 130, columns: 3, values: random.normals(390))
        let all = model.values(at: rows)
        let draw = try model.sample(seed: 4)
        let drawn = draw.values(at: rows)
        for r in [0, 47, 48, 129] {
            let alone = model.values(at: rows.selecting([r]))
            #expect(alone.mean == [all.mean[r]] && alone.variance == [all.variance[r]])
            #expect(draw.values(at: rows.selecting([r])) == [drawn[r]])
        }
    }

    @Test func parametersAreFoundAndKept() throws {
        var random = SplitMix64(seed: 2)
        let rows = FeatureMatrix(rows: 80, columns: 2, values: random.normals(160))
        let targets = (0..<80).map { PortableMath.sin(2 * rows[$0, 0]) + 0.5 * rows[$0, 1] + 7 }
        var settings = Settings(subject: "model")
        let model = try GaussianProcessPosterior.fit(rows, targets: targets, settings: &settings, previous: nil, context: TrainingContext())
        let query = FeatureMatrix(rows: 1, columns: 2, values: [0.3, -0.2])
        #expect(abs(model.means(at: query)[0] - (PortableMath.sin(0.6) - 0.1 + 7)) < 0.02)
        settings = Settings(subject: "model")
        let again = try GaussianProcessPosterior.fit(
            rows, targets: targets, settings: &settings, previous: model, context: TrainingContext())
        #expect(abs(again.means(at: query)[0] - model.means(at: query)[0]) < 1e-2)
    }

    @Test func oneRowAndConstantTargetsAreLearned() throws {
        for entry in PosteriorRegistry.entries {
            for count in [1, 2, 5] {
                var settings = Settings(subject: "model")
                let rows = FeatureMatrix(rows: count, columns: 2, values: (0..<2 * count).map(Double.init))
                let model = try entry.fit(rows, [Double](repeating: 3, count: count), &settings, TrainingContext())
                let found = model.values(at: FeatureMatrix(rows: 2, columns: 2, values: [0, 1, 40, -30]))
                #expect(found.mean.allSatisfy { abs($0 - 3) < 1e-6 } && found.variance.allSatisfy { $0 >= 0 && $0.isFinite })
            }
        }
    }

    @Test func whatCannotBeLearnedIsRefused() throws {
        for entry in PosteriorRegistry.entries {
            var settings = Settings(subject: "model")
            let bad = FeatureMatrix(rows: 2, columns: 1, values: [1, .nan])
            #expect(throws: MatSieveError.self) { _ = try entry.fit(bad, [1, 2], &settings, TrainingContext()) }
            let none = FeatureMatrix(rows: 0, columns: 1, values: [])
            settings = Settings(subject: "model")
            #expect(throws: MatSieveError.self) { _ = try entry.fit(none, [], &settings, TrainingContext()) }
            settings = try posteriorSettings(["kernal": .text("rbf")])
            #expect(throws: MatSieveError.self) {
                _ = try entry.fit(FeatureMatrix(rows: 1, columns: 1, values: [1]), [1], &settings, TrainingContext())
            }
        }
        #expect(throws: MatSieveError.self) { _ = try PosteriorRegistry.entry(named: "gaussian") }
    }
}

/// The kernels, loop by loop.
private enum NaiveFourier {
    static func pair(_ row: ArraySlice<Float>, _ frequencies: [Float]) -> (cosine: Float, sine: Float) {
        var p: Float = 0
        for (x, f) in zip(row, frequencies) { p += x * f }
        let t = p - ((p + 12_582_912) - 12_582_912)
        let x = t * Float(3.14159265)
        let y = x * x
        var s = y * Float(-2.50521084e-8) + Float(2.75573192e-6)
        s = s * y - Float(1.98412698e-4)
        s = s * y + Float(8.33333333e-3)
        s = s * y - Float(1.66666667e-1)
        s = s * y * x + x
        var c = y * Float(2.08767570e-9) - Float(2.75573192e-7)
        for term in [2.48015873e-5, -1.38888889e-3, 4.16666667e-2, -0.5, 1] { c = c * y + Float(term) }
        return (1 - 2 * s * s, 2 * s * c)
    }
}

@Suite struct FourierKernelTests {
    @Test func kernelsEqualTheirTwins() {
        var random = SplitMix64(seed: 12)
        let (rows, columns, blocks, outputs) = (5, 3, 4, 3)
        let x = random.normals(rows * columns).map { Float($0 * 3) }
        let f = random.normals(blocks * columns * 16).map { Float($0) }
        let w = random.normals(outputs * blocks * 32).map { Float($0) }
        var values = [Float](repeating: 0, count: rows * blocks * 32)
        matsieve_fourier_features(x, rows, columns, f, blocks, &values)
        var sums = [Double](repeating: 0, count: rows * outputs)
        matsieve_fourier_sums(x, rows, columns, f, blocks, w, outputs, &sums)
        for r in 0..<rows {
            var lanes = [[Float]](repeating: [Float](repeating: 0, count: 16), count: outputs)
            for b in 0..<blocks {
                for i in 0..<16 {
                    let (c, s) = NaiveFourier.pair(x[r * columns..<(r + 1) * columns], (0..<columns).map { f[(b * columns + $0) * 16 + i] })
                    let place = (r * blocks + b) * 32 + i
                    #expect(values[place] == c && values[place + 16] == s)
                    let angle =
                        2 * Double.pi
                        * (0..<columns).reduce(0) { $0 + Double(x[r * columns + $1]) * Double(f[(b * columns + $1) * 16 + i]) }
                    #expect(abs(Double(c) - PortableMath.cos(angle)) < 1e-4 && abs(Double(s) - PortableMath.sin(angle)) < 1e-4)
                    for o in 0..<outputs {
                        lanes[o][i] += w[o * blocks * 32 + b * 32 + i] * c
                        lanes[o][i] += w[o * blocks * 32 + b * 32 + 16 + i] * s
                    }
                }
            }
            for o in 0..<outputs {
                var s = lanes[o].map(Double.init)
                for width in [8, 4, 2, 1] { for i in 0..<width { s[i] += s[i + width] } }
                #expect(sums[r * outputs + o] == s[0])
            }
        }
    }

    @Test func basisLeavesPlacesWithoutFeatureOut() {
        let term = CovarianceTerm(form: .rbf, variance: 1, lengthScales: [1])
        let basis = FourierBasis(term, columns: 2, count: 20, seed: 1)
        #expect(basis.width == 64 && (0..<64).count(where: basis.isFeature) == 40)
        let rows = FeatureMatrix(rows: 1, columns: 2, values: [0.4, -1])
        let squares = basis.trainingFeatures(rows, amplitude: 1).reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares - 20) < 1e-5)
        let nine = (0..<9).map { o in (0..<64).map { Double($0 == o ? 1 : 0) } }
        let sums = basis.sums(FourierBasis.singlePrecision(rows), count: 1, weights: nine)
        #expect(sums == basis.features(FourierBasis.singlePrecision(rows), count: 1).prefix(9).map(Double.init))
    }
}
