import CKernels
import MaterialsCore
import Testing

@testable import Models

private func fit(_ data: TrainingData, _ values: [String: Double] = [:], loss: String? = nil, threads: Int = 1) throws -> MLPModel {
    var entries = values.sorted { $0.key < $1.key }.map { (key: $0.key, line: 1, value: Setting(.number($0.value))) }
    entries.append(("hidden", 1, Setting(.list([24, 12].map { Setting(.number($0)) }))))
    if let loss { entries.append(("loss", 1, Setting(.text(loss)))) }
    var s = try Settings(Setting(.mapping(entries)), subject: "model")
    return try MLPModel.fit(data, settings: &s, context: TrainingContext(seed: 3, threads: threads))
}

/// The network of the references: 3 inputs, 4 and 3 hidden values, 2 outputs, six weighted rows.
private struct SmallNetwork {
    let columns: [String: [Double]]
    let batch: [String: [Double]]
    let trainer: NetworkTrainer

    init(_ kind: NetworkLoss.Kind, classCount: Int = 0) throws {
        columns = try ReferenceData.table("networks/parameters.csv").columns
        batch = try ReferenceData.table("networks/batch.csv").columns
        trainer = NetworkTrainer(
            NetworkShape(widths: [3, 4, 3, 2]), loss: NetworkLoss(kind: kind, classCount: classCount), activation: .silu, dropout: 0,
            batch: 6)
        for (i, v) in columns["start"]!.enumerated() { trainer.parameters.pointer[i] = Float(v) }
    }

    /// The loss of the batch; gradients are left in the trainer.
    func loss() -> Double {
        for i in 0..<6 { for j in 0..<3 { trainer.input[3 * i + j] = Float(batch["x\(j)"]![i]) } }
        trainer.forward(rows: 6)
        // Losses of one output read the first of the two.
        if trainer.loss.outputs == 1 { return firstOutputLoss() }
        let value = trainer.deriveLoss(rows: 6, targets: batch["target"]!.map { Float($0) }, rowWeights: batch["weight"]!.map { Float($0) })
        trainer.backward(rows: 6)
        return value
    }

    private func firstOutputLoss() -> Double {
        var sum = 0.0
        for i in 0..<6 {
            let w = Float(batch["weight"]![i])
            sum += Double(w) * trainer.loss.derive(trainer.output + 2 * i, target: Float(batch["target"]![i]), scale: w / 6)
            trainer.output[2 * i + 1] = 0
        }
        trainer.backward(rows: 6)
        return sum / 6
    }
}

@Suite struct NetworkTests {
    private static let kinds: [NetworkLoss.Kind] = [.squared, .absolute, .huber, .gaussian]
    /// Float32 sums of a few terms against double.
    private static let tolerance = 2e-6

    @Test(arguments: kinds) func gradientsAreThoseOfTheReference(_ kind: NetworkLoss.Kind) throws {
        let network = try SmallNetwork(kind)
        _ = network.loss()
        let expected = network.columns["\(kind.rawValue)_gradient"]!
        for (i, v) in expected.enumerated() { #expect((Double(network.trainer.gradients.pointer[i]) - v).magnitude < Self.tolerance) }
    }

    @Test(arguments: kinds) func stepsOfAdamAreThoseOfTheReference(_ kind: NetworkLoss.Kind) throws {
        let network = try SmallNetwork(kind)
        for expected in try ReferenceData.table("networks/losses.csv").columns[kind.rawValue]! {
            #expect((network.loss() - expected).magnitude < 1e-5)
            network.trainer.adam(rate: 0.01, weightDecay: 0.1)
        }
        let end = network.columns["\(kind.rawValue)_end"]!
        for (i, v) in end.enumerated() { #expect((Double(network.trainer.parameters.pointer[i]) - v).magnitude < 2e-4) }
    }

    @Test(arguments: [NetworkLoss.Kind.softmax, .logistic]) func classGradientsAreFiniteDifferences(_ kind: NetworkLoss.Kind) throws {
        let loss = NetworkLoss(kind: kind, classCount: kind == .softmax ? 3 : 2)
        let start: [Float] = [0.3, -1.2, 0.8]
        for code in 0..<loss.classCount {
            func value(_ outputs: [Float]) -> Double {
                var f = outputs
                return f.withUnsafeMutableBufferPointer { loss.derive($0.baseAddress!, target: Float(code), scale: 1) }
            }
            var gradient = start
            _ = gradient.withUnsafeMutableBufferPointer { loss.derive($0.baseAddress!, target: Float(code), scale: 1) }
            for c in 0..<loss.outputs {
                var (up, down) = (start, start)
                up[c] += 1e-2
                down[c] -= 1e-2
                #expect(((value(up) - value(down)) / Double(up[c] - down[c]) - Double(gradient[c])).magnitude < 1e-4)
            }
        }
    }

    /// The exponential of the kernel, step by step.
    private func exponential(_ argument: Float) -> Float {
        let x = min(max(argument, -87), 87)
        let k = (x * 1.44269504 + 12_582_912) - 12_582_912
        let r = (x - k * 0.693145752) - k * 1.42860677e-6
        var p: Float = 1 / 5040 * r + 1 / 720
        for c: Float in [1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1] { p = p * r + c }
        return p * Float(bitPattern: UInt32(Int32(k) + 127) << 23)
    }

    private let arguments: [Float] = (-4_000...4_000).map { Float($0) * 0.025 }

    @Test func activationsHaveTheBitsOfTheirTwins() {
        func sigmoid(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }
        let bias = [Float](repeating: 0.125, count: arguments.count)
        for kind in [MATSIEVE_RELU, MATSIEVE_SILU] {
            var (z, y) = (arguments, arguments)
            matsieve_activate(&z, bias, &y, 1, arguments.count, Int32(kind))
            var gradient = bias
            matsieve_activation_gradient(z, &gradient, z.count, Int32(kind))
            for (i, x) in arguments.enumerated() {
                let (v, s) = (x + 0.125, sigmoid(x + 0.125))
                #expect(z[i] == v)
                #expect(y[i].bitPattern == (kind == MATSIEVE_SILU ? v * s : v > 0 ? v : 0).bitPattern)
                #expect(gradient[i].bitPattern == (kind == MATSIEVE_SILU ? 0.125 * (s * (1 + v * (1 - s))) : v > 0 ? 0.125 : 0).bitPattern)
            }
        }
        for x in arguments where x.magnitude < 87 {
            let exact = PortableMath.exp(Double(x))
            #expect((Double(exponential(x)) - exact).magnitude < 3e-7 * exact)
        }
    }

    @Test func adamDropoutAndColumnSumsHaveTheBitsOfTheirTwins() {
        var random = SplitMix64(seed: 6)
        func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.nextUnit() * 2 - 1) } }
        let (p, m, v, g) = (values(77), values(77), values(77).map(\.magnitude), values(77))
        var (p1, m1, v1) = (p, m, v)
        matsieve_adam(&p1, &m1, &v1, g, 77, 1e-3, 0.9, 0.999, 0.01, 1.5, 1e-8)
        let (b1, b2): (Float, Float) = (0.9, 0.999)
        for i in 0..<77 {
            let first = m[i] + (1 - b1) * (g[i] - m[i])
            let second = v[i] + (1 - b2) * (g[i] * g[i] - v[i])
            let value = (p[i] - 1e-3 * p[i]) - 0.01 * first / (second.squareRoot() * 1.5 + 1e-8)
            #expect(m1[i] == first && v1[i] == second && p1[i] == value)
        }
        var dropped = p
        matsieve_dropout(&dropped, 77, 99, 1 << 30, 4 / 3)
        for i in 0..<77 {
            var h = UInt32(i) &* 0x9e37_79b9 &+ 99
            h = (h ^ h >> 16) &* 0x85eb_ca6b
            h = (h ^ h >> 13) &* 0xc2b2_ae35
            h ^= h >> 16
            #expect(dropped[i] == (h < 1 << 30 ? 0 : p[i] * (4 / 3)))
        }
        var sums = [Float](repeating: 9, count: 7)
        matsieve_column_sums(p, &sums, 11, 7)
        for j in 0..<7 { #expect(sums[j] == (0..<11).reduce(Float(0)) { $0 + p[$1 * 7 + j] }) }
        var many = [Float](repeating: 1, count: 100_000)
        matsieve_dropout(&many, many.count, 12345, UInt32(0.1 * 0x1p32), 1)
        #expect((9_600...10_400).contains(many.count { $0 == 0 }))
    }

    @Test func predictsAsItWasTrained() throws {
        let network = try SmallNetwork(.gaussian)
        _ = network.loss()
        let trainer = network.trainer
        let inputs = (0..<18).map { trainer.input[$0] }
        let parameters = (0..<trainer.shape.count).map { trainer.parameters.pointer[$0] }
        let outputs = NetworkScorer(trainer.shape, parameters[...], activation: .silu).outputs(inputs, rows: 6)
        trainer.forward(rows: 6)
        for i in 0..<12 { #expect((outputs[i] - trainer.output[i]).magnitude < 1e-6) }
    }

    @Test func errorIsThatOfScikitLearn() throws {
        let (steels, fold) = try ReferenceData.steels(target: "target", task: .regression)
        let scores = try ReferenceData.text("networks/scores.csv").split { $0 == "," || $0 == "\n" }
        let peer = Double(scores[1])!
        var sum = 0.0
        for k in 0..<5 {
            var s = try Settings(
                Setting(
                    .mapping([
                        ("hidden", 1, Setting(.list([64, 32].map { Setting(.number($0)) }))), ("epochs", 1, Setting(.number(60))),
                        ("activation", 1, Setting(.text("relu"))), ("loss", 1, Setting(.text("squared"))),
                        ("schedule", 1, Setting(.text("constant"))), ("dropout", 1, Setting(.number(0))),
                        ("weight_decay", 1, Setting(.number(0))),
                        ("batch_size", 1, Setting(.number(16))), ("clip", 1, Setting(.number(1e6))),
                    ])), subject: "model")
            let data = steels.selecting(fold.indices.filter { fold[$0] != k })
            let test = steels.selecting(fold.indices.filter { fold[$0] == k })
            let model = try MLPModel.fit(data, settings: &s, context: TrainingContext(seed: 1))
            sum += zip(model.predictions(test.features).mean, test.targets).reduce(0) { $0 + ($1.0 - $1.1).magnitude }
        }
        // Five networks of other seeds: their errors scatter by 3 %.
        #expect((sum / 312 / peer - 1).magnitude < 0.1, "\(sum / 312) against \(peer)")
    }

    @Test func gaussianLossLearnsWhereItIsNoisy() throws {
        var random = SplitMix64(seed: 8)
        let x = (0..<1_500).map { _ in random.nextUnit() }
        let targets = x.map { v in 10 * v + (v > 0.5 ? 2 : 0.2) * ((0..<12).reduce(-6.0) { sum, _ in sum + random.nextUnit() }) }
        let data = TrainingData(features: FeatureMatrix(rows: 1_500, columns: 1, values: x), targets: targets, featureNames: ["x"])
        let model = try fit(data, ["members": 2, "epochs": 60, "learning_rate": 0.01, "dropout": 0], loss: "gaussian")
        let p = model.predictions(FeatureMatrix(rows: 2, columns: 1, values: [0.25, 0.75]))
        #expect((p.mean[0] - 2.5).magnitude < 0.4 && (p.mean[1] - 7.5).magnitude < 0.8)
        #expect((0.1...0.5).contains(p.spread[0]) && (1.3...2.7).contains(p.spread[1]))
    }

    @Test func manyClassesWeightsCategoriesAndPatience() throws {
        let x = (0..<240).map { Double($0 % 4) }
        let data = TrainingData(
            features: FeatureMatrix(rows: 240, columns: 2, values: x.enumerated().flatMap { [$1, Double($0 % 7)] }),
            targets: x.map { [2, 0, 1, 0][Int($0)] }, weights: x.map { $0 + 1 }, featureNames: ["c", "n"], categoricalColumns: [0],
            task: .classification, classCount: 3)
        let quick = ["members": 3.0, "epochs": 30, "learning_rate": 0.02, "validation_fraction": 0.2, "patience": 5]
        let model = try fit(data, quick)
        let p = model.predictions(data.features, classCount: 3)
        #expect(p.mean == data.targets)
        #expect((0..<240).allSatisfy { (p.probabilities.row($0).reduce(0, +) - 1).magnitude < 1e-9 })
        #expect(try MLPModel(parameters: model.parameters).predictions(data.features, classCount: 3) == p)
        #expect(try fit(data, quick, threads: 3).parameters == model.parameters)
    }

    @Test func sizesFollowTheData() throws {
        var none = try settings()
        let chosen = try NetworkSettings(&none)
        #expect(chosen.widths(inputs: 132) == [384, 192] && chosen.widths(inputs: 100_000) == [40, 192])
        #expect(chosen.rowsKept(999) == 0 && chosen.rowsKept(1_000) == 100)
        #expect([1, 250, 4_000, 100_000].map(chosen.epochs) == [150, 150, 40, 40])
        #expect([10, 600, 6_000, 100_000].map(chosen.rowsOfAStep) == [10, 16, 100, 256])
    }

    @Test func stoppingStops() throws {
        let steels = try ReferenceData.steels(target: "target", task: .regression).data
        var none = try settings()
        #expect(throws: MatSieveError.self) {
            try MLPModel.fit(steels, settings: &none, context: TrainingContext(isCancelled: { true }))
        }
    }
}
