import LinearAlgebra
import MaterialsCore
import Testing

@testable import Models

/// Steels of folds 1–4, standardised, and all of them.
private struct Steels {
    let training, all: [Double]
    let rows: Int
    let targets: [Double]
    let expected: [String: [Double]]

    init() throws {
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let train = steels.selecting(fold.indices.filter { fold[$0] != 0 })
        let scaling = try ColumnScaling(train)
        (training, all) = (scaling.apply(train.features, clipped: false), scaling.apply(steels.features, clipped: false))
        (rows, targets) = (train.targets.count, KernelTargets(train).outputs.values)
        expected = try ReferenceData.table("kernel_models/predictions.csv").columns
    }

    func problem(weights: [Double]? = nil) -> KernelProblem {
        KernelProblem(
            z: SharedBuffer(training, padding: 0), rows: rows, columns: 14, targets: Matrix(rows: 1, columns: rows, values: targets),
            noiseFactors: (0..<rows).map { 1 / (weights?[$0] ?? 1) }, threads: 1, isCancelled: { false }, model: "test")
    }
}

private let processes: [(name: String, covariance: Covariance)] = [
    ("rbf", Covariance(terms: [CovarianceTerm(form: .rbf, variance: 1.3, lengthScales: [2.5])])),
    ("matern12", Covariance(terms: [CovarianceTerm(form: .matern12, variance: 0.8, lengthScales: [6])])),
    ("matern32", Covariance(terms: [CovarianceTerm(form: .matern32, variance: 1, lengthScales: [4])])),
    ("matern52", Covariance(terms: [CovarianceTerm(form: .matern52, variance: 2, lengthScales: [3])])),
    ("ard", Covariance(terms: [CovarianceTerm(form: .matern32, variance: 1.5, lengthScales: (0..<14).map { 0.5 + 0.7 * Double($0 % 5) })])),
    (
        "sum",
        Covariance(terms: [
            CovarianceTerm(form: .rbf, variance: 0.7, lengthScales: [4]),
            CovarianceTerm(form: .matern12, variance: 0.6, lengthScales: [1.5]),
        ])
    ),
    ("weighted", Covariance(terms: [CovarianceTerm(form: .matern32, variance: 1, lengthScales: [4])])),
]

@Suite struct GaussianProcessTests {
    /// The jitter is 1e-10 of the variance, which noise of 0.04 makes less than 1e-8 of a result. Single precision: 1e-7 of a row's squared
    /// norm (up to 3,500 with the shortest length scales) in a distance, times weights of magnitude 1.
    private static let (exactTolerance, singleTolerance) = (3e-8, 2e-4)
    private static let noise = 0.04

    private func point(_ covariance: Covariance) -> [Double] {
        covariance.terms.flatMap { [PortableMath.log($0.variance)] + $0.lengthScales.map { PortableMath.log($0) } }
            + [PortableMath.log(Self.noise)]
    }

    private func scaleOf(_ scales: Int, columns: Int) -> [Int] { (0..<columns).map { scales == 1 ? 0 : $0 } }

    private func likelihood(_ steels: Steels, _ covariance: Covariance, _ problem: KernelProblem) -> MarginalLikelihood {
        MarginalLikelihood(
            z: problem.z, rows: problem.rows, columns: 14, targets: problem.targets, noiseFactors: problem.noiseFactors,
            forms: covariance.terms.map(\.form), scaleOf: scaleOf(covariance.terms[0].lengthScales.count, columns: 14))
    }

    @Test(arguments: processes.indices) func agreesWithScikitLearn(_ index: Int) throws {
        let (name, covariance) = processes[index]
        let steels = try Steels()
        let weights = name == "weighted" ? (0..<steels.rows).map { 0.25 + Double($0 % 4) * 0.5 } : nil
        let problem = steels.problem(weights: weights)
        let posterior = try KernelPosterior(exactly: problem, covariance, noise: Self.noise, factorRows: 1_000, wantsLeftOut: false)
        let scalars = try ReferenceData.text("kernel_models/scalars.csv").split(separator: "\n").map { $0.split(separator: ",") }
        let row = try #require(scalars.first { $0[0] == name })
        let (logLikelihood, magnitudes) = (Double(row[1])!, Double(row[2])!)
        var gradient = [Double](repeating: 0, count: point(covariance).count)
        let value = likelihood(steels, covariance, problem).evaluate(point(covariance), priors: nil, gradient: &gradient)
        #expect((value + logLikelihood).magnitude < 1e-8 * logLikelihood.magnitude)
        let sum = posterior.weights.values.reduce(0) { $0 + $1.magnitude }
        #expect((sum - magnitudes).magnitude < 1e-7 * magnitudes)
        for (precision, tolerance) in [(KernelPrecision.double, Self.exactTolerance), (.single, Self.singleTolerance)] {
            let predictor = KernelPredictor(
                posterior, covariance, z: steels.training, columns: 14, precision: precision, meanTolerance: 0, varianceTolerance: 0)
            let (means, explained) = predictor.evaluate(steels.all, count: 312, wantsExplained: true)
            #expect(largestDifference(means, steels.expected["\(name)_mean"]!) < tolerance)
            let spreads = explained.map { (covariance.variance - $0 + Self.noise).squareRoot() }
            #expect(largestDifference(spreads, steels.expected["\(name)_std"]!) < tolerance)
        }
    }

    @Test(arguments: [("ridge_laplacian", CovarianceForm.laplacian, 20.0), ("ridge_rbf", .rbf, 3.0)])
    func kernelRidgeAgreesWithScikitLearn(_ name: String, _ form: CovarianceForm, _ lengthScale: Double) throws {
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let train = steels.selecting(fold.indices.filter { fold[$0] != 0 })
        var settings = try kernelSettings(["kernel": form.rawValue], ["length_scale": lengthScale, "penalty": 0.05])
        let model = try KernelRidgeModel.fit(train, settings: &settings, context: TrainingContext(seed: 3))
        let expected = try ReferenceData.table("kernel_models/predictions.csv").columns[name]!
        let means = model.predictions(steels.features).mean.map { ($0 - model.targetMean) / model.targetScale }
        #expect(largestDifference(means, expected) < 1e-5)
        #expect(model.predictions(steels.features).spread.allSatisfy { $0.isNaN })
    }

    /// Central differences with a step of 1e-5 are right to about 1e-9 of the value's curvature.
    @Test(arguments: CovarianceForm.allCases, [false, true]) func gradientIsThatOfFiniteDifferences(_ form: CovarianceForm, _ isARD: Bool)
        throws
    {
        let (steels, rows) = (try Steels(), 60)
        let scales = isARD ? (0..<14).map { 2 + 0.3 * Double($0 % 4) } : [3.0]
        let problem = MarginalLikelihood(
            z: SharedBuffer(steels.training, padding: 0), rows: rows, columns: 14,
            targets: Matrix(rows: 2, columns: rows, values: Array(steels.targets.prefix(2 * rows))),
            noiseFactors: (0..<rows).map { 1 + Double($0 % 3) }, forms: [form, .matern32], scaleOf: scaleOf(scales.count, columns: 14))
        let point = ([0.2] + scales.map { PortableMath.log($0) } + [-0.5] + scales.map { PortableMath.log($0 * 0.4) } + [-2])
        let priors = point.indices.map { MarginalLikelihood.Prior(mean: Double($0) * 0.1, deviation: 1.5) }
        var (gradient, ignored) = ([Double](repeating: 0, count: point.count), [Double](repeating: 0, count: point.count))
        _ = problem.evaluate(point, priors: priors, gradient: &gradient)
        for i in point.indices {
            let values = [1e-5, -1e-5].map { step in
                var moved = point
                moved[i] += step
                return problem.evaluate(moved, priors: priors, gradient: &ignored)
            }
            let slope = (values[0] - values[1]) / 2e-5
            #expect((slope - gradient[i]).magnitude < 1e-5 * max(1, slope.magnitude), "parameter \(i)")
        }
    }

    @Test(arguments: CovarianceForm.allCases) func covarianceAndItsGradientAgreeWithTheKernels(_ form: CovarianceForm) throws {
        let covariance = Covariance(terms: [CovarianceTerm(form: form, variance: 1.7, lengthScales: (0..<5).map { 1 + Double($0) / 3 })])
        var random = SplitMix64(seed: 8)
        let z = SharedBuffer((0..<20 * 5).map { _ in random.nextUnit() * 2 - 1 }, padding: 0)
        var k = Matrix(rows: 20, columns: 20)
        KernelMatrix(covariance, z, count: 20, columns: 5).fillLowerTriangle(of: &k, threads: 2)
        func row(_ i: Int) -> [Double] { (0..<5).map { z.pointer[i * 5 + $0] } }
        for i in 0..<20 {
            for j in 0..<i {
                let value = covariance.value(row(i).span, row(j).span)
                #expect((k[i, j] - value).magnitude < 1e-13)
                let gradient = covariance.gradient(row(i).span, row(j).span)
                for p in 0..<6 {
                    func moved(_ step: Double) -> Double {
                        var other = covariance
                        let factor = PortableMath.exp(step)
                        if p == 0 { other.terms[0].variance *= factor } else { other.terms[0].lengthScales[p - 1] *= factor }
                        return other.value(row(i).span, row(j).span)
                    }
                    #expect(((moved(1e-5) - moved(-1e-5)) / 2e-5 - gradient[p]).magnitude < 1e-8)
                }
            }
        }
    }

    @Test func inducingByAllRowsIsExact() throws {
        let steels = try Steels()
        let covariance = processes[2].covariance
        let problem = steels.problem(weights: (0..<steels.rows).map { 0.5 + Double($0 % 3) / 2 })
        let exact = try KernelPosterior(exactly: problem, covariance, noise: Self.noise, factorRows: 1_000, wantsLeftOut: true)
        let inducing = try KernelPosterior(
            inducing: steels.rows, problem, covariance, noise: Self.noise, choosesNoise: false, wantsFactor: true, wantsLeftOut: true)
        let (a, b) = (predictor(exact, covariance, steels), predictor(inducing, covariance, steels))
        let (x, y) = (a.evaluate(steels.all, count: 312, wantsExplained: true), b.evaluate(steels.all, count: 312, wantsExplained: true))
        #expect(largestDifference(x.means, y.means) < 1e-5 && largestDifference(x.explained, y.explained) < 1e-5)
        #expect(largestDifference(exact.leftOut!.values, inducing.leftOut!.values) < 1e-4)
    }

    private func predictor(_ posterior: KernelPosterior, _ covariance: Covariance, _ steels: Steels) -> KernelPredictor {
        KernelPredictor(posterior, covariance, z: steels.training, columns: 14, precision: .double, meanTolerance: 0, varianceTolerance: 0)
    }

    @Test func leftOutValuesAreThoseOfFitsWithoutTheRow() throws {
        let steels = try Steels()
        let covariance = processes[0].covariance
        let whole = steels.problem()
        let leftOut = try KernelPosterior(exactly: whole, covariance, noise: Self.noise, factorRows: 0, wantsLeftOut: true).leftOut!
        for row in [0, 7, 200] {
            let kept = (0..<steels.rows).filter { $0 != row }
            let z = kept.flatMap { steels.training[$0 * 14..<($0 + 1) * 14] }
            let part = KernelProblem(
                z: SharedBuffer(z, padding: 0), rows: kept.count, columns: 14,
                targets: Matrix(rows: 1, columns: kept.count, values: kept.map { steels.targets[$0] }),
                noiseFactors: [Double](repeating: 1, count: kept.count), threads: 1, isCancelled: { false }, model: "test")
            let posterior = try KernelPosterior(exactly: part, covariance, noise: Self.noise, factorRows: 0, wantsLeftOut: false)
            let predictor = KernelPredictor(
                posterior, covariance, z: z, columns: 14, precision: .double, meanTolerance: 0, varianceTolerance: 0)
            let mean = predictor.evaluate(Array(steels.training[row * 14..<(row + 1) * 14]), count: 1, wantsExplained: false).means[0]
            #expect((mean - leftOut[0, row]).magnitude < 1e-7)
        }
    }

    @Test func fewInducingRowsLearnAlmostAsWell() throws {
        let (train, test) = (curve(3_000, seed: 1), curve(500, seed: 2))
        var few = try kernelSettings([:], ["inducing": 200, "rows_for_hyperparameters": 200, "restarts": 1])
        let model = try GaussianProcessModel.fit(train, settings: &few, context: TrainingContext(seed: 1))
        let p = model.predictions(test.features)
        #expect(model.summary["method"] == "inducing points" && model.summary["inducing"] == "200")
        #expect(Metrics.rootMeanSquareError(p.mean, test.targets) < 0.12)
        // Noise of 0.1 was put in; few inducing rows call more of the target noise.
        #expect(p.spread.allSatisfy { $0 > 0.09 && $0 < 0.3 })
    }

    /// A wave in three features with noise of 0.1.
    private func curve(_ rows: Int, seed: UInt64) -> TrainingData {
        var random = SplitMix64(seed: seed)
        var features = FeatureMatrix(rows: rows, columns: 3)
        var targets: [Double] = []
        for row in 0..<rows {
            for c in 0..<3 { features[row, c] = random.nextUnit() * 4 }
            let noise = (0..<12).reduce(-6.0) { sum, _ in sum + random.nextUnit() }
            targets.append(PortableMath.sin(features[row, 0] + features[row, 1]) + 0.3 * features[row, 2] + 0.1 * noise)
        }
        return TrainingData(features: features, targets: targets, featureNames: ["a", "b", "c"])
    }

    @Test func spreadCoversAndGrowsAwayFromTheRows() throws {
        var settings = try kernelSettings([:], ["restarts": 1])
        let model = try GaussianProcessModel.fit(curve(300, seed: 3), settings: &settings, context: TrainingContext(seed: 1))
        let test = curve(400, seed: 4)
        let p = model.predictions(test.features)
        let inside = (0..<400).filter { (p.mean[$0] - test.targets[$0]).magnitude < 1.645 * p.spread[$0] }.count
        #expect((340...385).contains(inside))
        let far = model.predictions(FeatureMatrix(rows: 1, columns: 3, values: [40, -40, 40]))
        #expect(far.spread[0] > 2 * p.spread.max()!)
        #expect(model.means(test.features).bits == p.mean.bits)
    }

    @Test func fewerVarianceRowsNeverGiveASmallerSpread() throws {
        let train = curve(200, seed: 5)
        let test = curve(100, seed: 6).features
        var (all, some) = (try kernelSettings([:], ["restarts": 1]), try kernelSettings([:], ["restarts": 1, "variance_rows": 50]))
        let a = try GaussianProcessModel.fit(train, settings: &all, context: TrainingContext(seed: 1)).predictions(test)
        let b = try GaussianProcessModel.fit(train, settings: &some, context: TrainingContext(seed: 1)).predictions(test)
        #expect(a.mean.bits == b.mean.bits)
        #expect(zip(a.spread, b.spread).allSatisfy { $1 >= $0 * (1 - 1e-4) })
    }

    @Test(arguments: ["gaussian-process", "kernel-ridge"]) func manyClassesHaveProbabilitiesOfSumOne(_ name: String) throws {
        for inducing in [false, true] {
            var source = curve(240, seed: 7)
            source = source.replacingTargets(
                source.targets.map { $0 < 0 ? 0 : $0 < 0.8 ? 1 : 2 }, task: .classification, classCount: 3)
            var settings = try kernelSettings([:], inducing ? ["inducing": 80] : [:])
            let model = try ModelRegistry.entry(named: name).fit(source, &settings, TrainingContext(seed: 1))
            let p = model.predictions(source.features, classCount: 3)
            #expect((0..<240).allSatisfy { r in ((0..<3).reduce(0) { $0 + p.probabilities[r, $1] } - 1).magnitude < 1e-12 })
            #expect(zip(p.mean, source.targets).filter { $0 == $1 }.count > 200)
            let again = try ModelRegistry.entry(named: name).load(model.parameters).predictions(source.features, classCount: 3)
            #expect(again == p)
        }
    }

    @Test func sigmoidOfLeftOutScoresIsCalibrated() throws {
        var random = SplitMix64(seed: 9)
        let scores = (0..<4_000).map { _ in random.nextUnit() * 4 - 2 }
        let targets = scores.map { s in random.nextUnit() < 1 / (1 + PortableMath.exp(-(1.5 * s - 0.4))) ? 1.0 : -1 }
        let fit = ClassCalibration(scores: [scores], targets: [targets], weights: [Double](repeating: 1, count: 4_000))
        #expect((fit.slopes[0] - 1.5).magnitude < 0.15 && (fit.offsets[0] + 0.4).magnitude < 0.12)
        let turned = ClassCalibration(scores: [scores], targets: [targets.map { -$0 }], weights: [Double](repeating: 1, count: 4_000))
        #expect(turned.slopes == [0])
    }

    @Test(arguments: ["gaussian-process", "kernel-ridge"]) func weightsCount(_ name: String) throws {
        // Two values at one place: the mean leans to the heavier one.
        let data = TrainingData(
            features: FeatureMatrix(rows: 8, columns: 1, values: [0, 0, 1, 1, 2, 2, 3, 3]), targets: [0, 1, 0, 1, 0, 1, 0, 1],
            weights: [9, 1, 9, 1, 9, 1, 9, 1], featureNames: ["x"])
        let p = try fit(name, data).predictions(data.features)
        #expect(p.mean.allSatisfy { $0 < 0.3 })
    }

    private func fit(_ name: String, _ data: TrainingData, _ texts: [String: String] = [:], _ numbers: [String: Double] = [:]) throws
        -> any PropertyModel
    {
        var settings = try kernelSettings(texts, numbers)
        return try ModelRegistry.entry(named: name).fit(data, &settings, TrainingContext(seed: 1))
    }

    @Test(arguments: ["gaussian-process", "kernel-ridge"]) func badSettingsAreNamed(_ name: String) throws {
        let data = curve(20, seed: 1)
        #expect { try fit(name, data, ["kernel": "matern53"]) } throws: {
            "\($0)".contains("did you mean 'matern5") || "\($0)".contains("matern53")
        }
        #expect { try fit(name, data, ["precision": "half"]) } throws: { "\($0)".contains("single") }
        #expect { try fit(name, data, [:], ["length_scale": -1]) } throws: { "\($0)".contains("length_scale") }
        #expect(try fit(name, data, ["kernel": "rbf + laplacian"]).summary["kernel"] == "rbf + laplacian")
    }

    @Test(arguments: ["gaussian-process", "kernel-ridge"]) func oddTablesGiveAModel(_ name: String) throws {
        var random = SplitMix64(seed: 4)
        let wide = TrainingData(
            features: FeatureMatrix(rows: 4, columns: 20_000, values: (0..<80_000).map { _ in random.nextUnit() }), targets: [1, 2, 3, 4],
            featureNames: (0..<20_000).map { "w\($0)" })
        #expect(try fit(name, wide, [:], ["rows_for_hyperparameters": 10]).predictions(wide.features).mean.allSatisfy { $0.isFinite })
        let same = TrainingData(
            features: FeatureMatrix(rows: 50, columns: 2, values: (0..<100).map { Double($0 / 20) }),
            targets: (0..<50).map { Double($0 % 5) },
            featureNames: ["a", "b"])
        let p = try fit(name, same).predictions(same.features)
        #expect(p.mean.allSatisfy { ($0 - 2).magnitude < 0.5 })
        var settings = try kernelSettings([:], [:])
        #expect { try ModelRegistry.entry(named: name).fit(same, &settings, TrainingContext(isCancelled: { true })) } throws: {
            ($0 as? MatSieveError)?.kind == .stopped
        }
    }

    @Test(arguments: ["gaussian-process", "kernel-ridge"]) func numbersOfADamagedFileAreRefused(_ name: String) throws {
        let entry = try ModelRegistry.entry(named: name)
        for precision in ["single", "double"] {
            let whole = try fit(name, curve(30, seed: 1), ["precision": precision]).parameters
            for (key, value) in whole.entries where key != "log_likelihood" && key != "scaling/source_columns" {
                var damaged = whole
                switch value {
                case .doubles(var v, let shape) where !v.isEmpty:
                    v[v.count / 2] = .nan
                    damaged[key] = .doubles(v, shape: shape)
                case .integers(var v, let shape) where !v.isEmpty:
                    v[0] = Int64.max
                    damaged[key] = .integers(v, shape: shape)
                case .bytes(let v): damaged[key] = .bytes(v.map { _ in 0xff })
                default: continue
                }
                #expect(throws: MatSieveError.self, "\(key)") { try entry.load(damaged) }
            }
        }
    }
}

/// Settings of texts and numbers.
private func kernelSettings(_ texts: [String: String], _ numbers: [String: Double]) throws -> Settings {
    let entries =
        texts.map { (key: $0.key, line: 3, value: Setting(.text($0.value), line: 3)) }
        + numbers.map { (key: $0.key, line: 3, value: Setting(.number($0.value), line: 3, source: "\($0.value)")) }
    return try Settings(Setting(.mapping(entries.sorted { $0.key < $1.key }), line: 2), subject: "model")
}
