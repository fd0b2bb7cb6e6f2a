import MaterialsCore

/// Rows as a network sees them.
struct NetworkRows: Sendable {
    /// Inputs of a row.
    let width: Int
    /// Rows × width.
    let inputs: SharedBuffer<Float>
    /// Standardised targets, or codes of classes.
    let targets: [Float]
    let weights: [Float]

    var count: Int { targets.count }

    func copy(_ rows: ArraySlice<Int>, to target: UnsafeMutablePointer<Float>) {
        for (i, row) in rows.enumerated() { (target + i * width).update(from: inputs.pointer + row * width, count: width) }
    }
}

/// A network that has learned.
struct FittedNetwork: Sendable {
    var parameters: [Float]
    /// Loss of the validation rows at the epoch that was taken; NaN without such rows.
    var validationLoss: Double
    /// Weighted squares of the residuals of the validation rows (of a regression), and their weight.
    var residualSquares = 0.0
    var residualWeight = 0.0
    /// Epoch that was taken, from 1.
    var epoch: Int
}

/// Learning of one member: epochs of shuffled batches; with patience, the parameters of the epoch of least validation loss are taken.
struct NetworkTraining {
    let rows: NetworkRows
    let settings: NetworkSettings
    let trainer: NetworkTrainer
    private let learned: [Int]
    private let kept: [Int]
    private var random: SplitMix64
    private let batch: Int
    private let stepsOfAnEpoch: Int
    private let epochs: Int

    /// - Parameters:
    ///   - kept: rows kept aside
    ///   - learned: rows to learn from
    init(_ rows: NetworkRows, learned: [Int], kept: [Int], loss: NetworkLoss, settings: NetworkSettings, seed: UInt64) {
        (self.rows, self.learned, self.kept, self.settings) = (rows, learned, kept, settings)
        random = SplitMix64(seed: seed)
        (batch, epochs) = (settings.rowsOfAStep(learned.count), settings.epochs(learned.count))
        stepsOfAnEpoch = (learned.count + batch - 1) / batch
        trainer = NetworkTrainer(
            NetworkShape(widths: [rows.width] + settings.widths(inputs: rows.width) + [loss.outputs]), loss: loss,
            activation: settings.activation,
            dropout: settings.dropout, batch: batch)
        trainer.start(&random)
    }

    /// All epochs; nil where it was cancelled.
    mutating func run(isCancelled: () -> Bool) -> FittedNetwork? {
        var best = FittedNetwork(parameters: [], validationLoss: .nan, epoch: 0)
        for epoch in 0..<epochs {
            guard learn(epoch: epoch, isCancelled: isCancelled) else { return nil }
            let isLast = epoch + 1 == epochs
            if kept.isEmpty || (settings.patience == 0 && !isLast) { continue }
            let now = validate()
            if best.validationLoss.isNaN || now.loss < best.validationLoss {
                best = FittedNetwork(
                    parameters: values, validationLoss: now.loss, residualSquares: now.squares, residualWeight: now.weight, epoch: epoch + 1
                )
            } else if settings.patience > 0, epoch + 1 - best.epoch >= settings.patience {
                break
            }
        }
        if kept.isEmpty { best = FittedNetwork(parameters: values, validationLoss: .nan, epoch: epochs) }
        return best
    }

    private var values: [Float] { Array(UnsafeBufferPointer(start: trainer.parameters.pointer, count: trainer.shape.count)) }

    private mutating func learn(epoch: Int, isCancelled: () -> Bool) -> Bool {
        let order = random.permutation(learned.count).map { learned[$0] }
        let targets = order.map { rows.targets[$0] }
        let weights = order.map { rows.weights[$0] }
        for step in 0..<stepsOfAnEpoch {
            if step % 16 == 0, isCancelled() { return false }
            let range = step * batch..<min((step + 1) * batch, order.count)
            let key = settings.dropout > 0 ? UInt32(truncatingIfNeeded: random.next()) : nil
            rows.copy(order[range], to: trainer.input)
            trainer.forward(rows: range.count, dropoutKey: key)
            targets.withUnsafeBufferPointer { t in
                weights.withUnsafeBufferPointer { w in
                    _ = trainer.deriveLoss(
                        rows: range.count, targets: t.baseAddress! + range.lowerBound, rowWeights: w.baseAddress! + range.lowerBound)
                }
            }
            trainer.backward(rows: range.count, dropoutKey: key)
            trainer.adam(rate: rate(step: epoch * stepsOfAnEpoch + step), weightDecay: settings.weightDecay)
        }
        return true
    }

    /// The learning rate of a step: by a cosine from 1/25 up to the whole in the first 15 % of the steps, by a cosine down to 0 then.
    /// - Source: L. N. Smith, N. Topin, Proc. SPIE 11006, 1100612 (2019), doi:10.1117/12.2520589
    func rate(step: Int) -> Double {
        guard settings.schedule == .cosine else { return settings.learningRate }
        let last = Double(max(epochs * stepsOfAnEpoch - 1, 1))
        let (place, top) = (Double(step) / last, 0.15)
        func between(_ a: Double, _ b: Double, _ part: Double) -> Double { b + (a - b) * (1 + PortableMath.cos(.pi * part)) / 2 }
        return settings.learningRate * (place < top ? between(0.04, 1, place / top) : between(1, 0, (place - top) / (1 - top)))
    }

    /// Mean loss, squared residuals and weight of the rows kept aside.
    private func validate() -> (loss: Double, squares: Double, weight: Double) {
        var (loss, squares, weight) = (0.0, 0.0, 0.0)
        let width = trainer.loss.outputs
        for first in stride(from: 0, to: kept.count, by: batch) {
            let part = kept[first..<min(first + batch, kept.count)]
            rows.copy(part, to: trainer.input)
            trainer.forward(rows: part.count)
            for (i, row) in part.enumerated() {
                let (w, t) = (Double(rows.weights[row]), rows.targets[row])
                let residual = Double(trainer.output[i * width] - t)
                squares += w * residual * residual
                weight += w
                loss += w * trainer.loss.derive(trainer.output + i * width, target: t, scale: 1)
            }
        }
        return (loss / weight, squares, weight)
    }
}
