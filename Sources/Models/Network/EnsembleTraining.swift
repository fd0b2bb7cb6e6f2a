import LinearAlgebra
import MaterialsCore
import Synchronization

/// Learning of all members: each from its own start, with its own rows kept aside, on a thread of its own where there are several.
struct EnsembleTraining {
    private let data: TrainingData
    private let settings: NetworkSettings
    private let encoding: FeatureEncoding
    private let loss: NetworkLoss
    private let shape: NetworkShape
    private let (centre, deviation): (Double, Double)

    init(_ data: TrainingData, settings: NetworkSettings) throws {
        (self.data, self.settings) = (data, settings)
        encoding = try FeatureEncoding(
            data, marksMissing: settings.marksMissing, bound: settings.bound, rootsOfFractions: settings.rootsOfFractions)
        loss = NetworkLoss(settings.loss, classCount: data.classCount)
        shape = NetworkShape(widths: [encoding.columns] + settings.widths(inputs: encoding.columns) + [loss.outputs])
        (centre, deviation) = try data.task == .regression ? Self.moments(data) : (0, 1)
    }

    /// Weighted mean and deviation of the targets.
    private static func moments(_ data: TrainingData) throws -> (Double, Double) {
        let count = Double(data.targets.count)
        let mean = data.targets.indices.reduce(0) { $0 + data.weight($1) * data.targets[$1] } / count
        let squares = data.targets.indices.reduce(0) { $0 + data.weight($1) * (data.targets[$1] - mean) * (data.targets[$1] - mean) }
        let deviation = (squares / count).squareRoot()
        guard deviation.isFinite else { throw MatSieveError.input("mlp: targets are too large to be squared; rescale them") }
        // A deviation that rounding of the mean explains is none.
        return (mean, deviation > mean.magnitude * 1e-13 ? deviation : 0)
    }

    /// Fits them.
    func model(_ context: TrainingContext) throws -> MLPModel {
        if encoding.columns == 0 || deviation == 0 { return model(members: [], noise: 0) }
        OpenBLAS.prepare()
        let rows = rowsForNetworks()
        let fitted = Mutex([FittedNetwork?](repeating: nil, count: settings.members))
        parallelLoop(settings.members, threads: context.threads) { m in
            let (learned, kept) = parts(member: m, seed: context.seed)
            var training = NetworkTraining(
                rows, learned: learned, kept: kept, loss: loss, settings: settings,
                seed: context.seed &+ 0x9e37_79b9_7f4a_7c15 &* UInt64(m + 1))
            let network = training.run(isCancelled: context.isCancelled)
            fitted.withLock { $0[m] = network }
        }
        let members = fitted.withLock { $0.compactMap { $0 } }
        guard members.count == settings.members else { throw MatSieveError.stopped("mlp: stopped during training; start the fit again") }
        guard members.allSatisfy({ $0.parameters.allSatisfy(\.isFinite) }) else {
            throw MatSieveError.input("mlp: the training diverged; give a smaller 'learning_rate'")
        }
        let scorers = members.map { NetworkScorer(shape, $0.parameters[...], activation: settings.activation) }
        return model(members: members, noise: data.task == .regression ? noise(members, scorers, rows) : 0)
    }

    private func rowsForNetworks() -> NetworkRows {
        let encoded = encoding.apply(data.features)
        let inputs = SharedBuffer<Float>(count: encoded.count, repeating: 0)
        for (i, v) in encoded.enumerated() { inputs.pointer[i] = Float(v) }
        return NetworkRows(
            width: encoding.columns, inputs: inputs, targets: data.targets.map { Float(($0 - centre) / deviation) },
            weights: data.targets.indices.map { Float(data.weight($0)) })
    }

    /// A seeded order of the rows; member after member keeps the next part of it aside.
    private func parts(member: Int, seed: UInt64) -> (learned: [Int], kept: [Int]) {
        let count = data.targets.count
        let keptCount = settings.rowsKept(count)
        var random = SplitMix64(seed: seed)
        let order = random.permutation(count)
        let first = member * keptCount % count
        let turned = Array(order[first...] + order[..<first])
        return (turned[keptCount...].sorted(), turned[..<keptCount].sorted())
    }

    /// What the disagreement of the members leaves of their mean squared error on rows that they kept aside.
    ///
    /// The error of the mean is that of the members less their disagreement, of which the spread holds as much again.
    /// - Source: A. Krogh, J. Vedelsby, NIPS 1994 (error = mean error - ambiguity).
    private func noise(_ members: [FittedNetwork], _ scorers: [NetworkScorer], _ rows: NetworkRows) -> Double {
        let (error, disagreement) = residuals(scorers, rows)
        let weight = members.reduce(0) { $0 + $1.residualWeight }
        if weight == 0 { return error }
        let own = members.reduce(0) { $0 + $1.residualSquares } / weight
        return max(own - 2 * disagreement, own / 4)
    }

    /// Mean square of the mean's residuals, and of the members' deviations from the mean, over all training rows.
    private func residuals(_ scorers: [NetworkScorer], _ rows: NetworkRows) -> (error: Double, disagreement: Double) {
        var (error, disagreement) = (0.0, 0.0)
        let (block, width) = (256, loss.outputs)
        for first in stride(from: 0, to: rows.count, by: block) {
            let count = min(block, rows.count - first)
            let inputs = Array(UnsafeBufferPointer(start: rows.inputs.pointer + first * rows.width, count: count * rows.width))
            let outputs = scorers.map { $0.outputs(inputs, rows: count) }
            for i in 0..<count {
                let mean = outputs.reduce(0) { $0 + Double($1[i * width]) } / Double(scorers.count)
                let (w, residual) = (Double(rows.weights[first + i]), mean - Double(rows.targets[first + i]))
                error += w * residual * residual
                for f in outputs {
                    disagreement += w * (Double(f[i * width]) - mean) * (Double(f[i * width]) - mean) / Double(scorers.count)
                }
            }
        }
        return (error / Double(rows.count), disagreement / Double(rows.count))
    }

    private func model(members: [FittedNetwork], noise: Double) -> MLPModel {
        let losses = members.map(\.validationLoss).filter { !$0.isNaN }
        let summary = [
            "members": "\(members.count)", "hidden": shape.widths.dropFirst().dropLast().map { "\($0)" }.joined(separator: ","),
            "loss": loss.kind.rawValue,
            "activation": settings.activation.rawValue, "inputs": "\(encoding.columns)",
            "epochs": "\(settings.epochs(data.targets.count - settings.rowsKept(data.targets.count)))",
            "epochs_taken": members.map { "\($0.epoch)" }.joined(separator: ","),
            "rows_of_a_step": "\(settings.rowsOfAStep(data.targets.count))", "learning_rate": "\(settings.learningRate)",
            "weight_decay": "\(settings.weightDecay)", "dropout": "\(settings.dropout)",
            "validation_loss": losses.isEmpty ? "none" : "\(losses.reduce(0, +) / Double(losses.count))",
        ]
        return MLPModel(
            encoding: encoding, loss: loss, activation: settings.activation, shape: shape, memberParameters: members.flatMap(\.parameters),
            centre: centre, deviation: deviation, noiseVariance: noise,
            shares: data.task == .classification ? ClassProbabilities.shares(data) : [], summary: summary)
    }
}
