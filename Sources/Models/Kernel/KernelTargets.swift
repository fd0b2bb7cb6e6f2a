import LinearAlgebra
import MaterialsCore

/// Targets as the kernels learn them: one standardised output of a regression, ±1 an output of a classification.
struct KernelTargets: Sendable {
    var outputs: Matrix
    /// Of a regression; 0 and 1 in a classification.
    var mean = 0.0
    var scale = 1.0

    /// Weighted mean and deviation; constant targets have scale 1.
    init(_ data: TrainingData) {
        let n = data.targets.count
        guard data.task == .regression else {
            let count = data.classCount > 2 ? data.classCount : 1
            outputs = Matrix(rows: count, columns: n)
            for o in 0..<count {
                let code = count == 1 ? 1 : Double(o)
                for i in 0..<n { outputs[o, i] = data.targets[i] == code ? 1 : -1 }
            }
            return
        }
        // Against the first target, so that constant ones are exact.
        var (total, sum) = (0.0, 0.0)
        for i in 0..<n {
            total += data.weight(i)
            sum += data.weight(i) * (data.targets[i] - data.targets[0])
        }
        mean = data.targets[0] + sum / total
        var squares = 0.0
        for i in 0..<n { squares += data.weight(i) * (data.targets[i] - mean) * (data.targets[i] - mean) }
        let deviation = (squares / total).squareRoot()
        if deviation > 0, deviation.isFinite, deviation > mean.magnitude * 1e-14 { scale = deviation }
        let (centre, unit) = (mean, scale)
        outputs = Matrix(rows: 1, columns: n, values: data.targets.map { ($0 - centre) / unit })
    }
}

extension KernelProblem {
    /// Standardised rows in a seeded random order, so that the first ones stand for all.
    init(_ data: TrainingData, _ scaling: ColumnScaling, _ targets: Matrix, _ context: TrainingContext, model: String) {
        var random = SplitMix64(seed: context.seed ^ 0x6b65_726e_656c)
        let order = random.permutation(data.features.rows)
        let d = scaling.kept.count
        let z = SharedBuffer<Double>(count: order.count * d, repeating: 0)
        var turned = Matrix(rows: targets.rows, columns: targets.columns)
        // Block by block: a second copy of all rows may not fit.
        for first in stride(from: 0, to: order.count, by: 1_024) {
            let block = Array(order[first..<min(first + 1_024, order.count)])
            let values = KernelPredictor.standardised(data.features.selecting(block), scaling)
            (z.pointer + first * d).update(from: values, count: values.count)
            for (i, row) in block.enumerated() { for o in 0..<targets.rows { turned[o, first + i] = targets[o, row] } }
        }
        self.init(
            z: z, rows: order.count, columns: d, targets: turned, noiseFactors: order.map { 1 / data.weight($0) },
            threads: context.threads, isCancelled: context.isCancelled, model: model)
    }

    /// The first rows as an array.
    func firstRows(_ count: Int) -> [Double] { Array(UnsafeBufferPointer(start: z.pointer, count: count * columns)) }

    /// Targets of the first rows.
    func firstTargets(_ count: Int) -> Matrix {
        var result = Matrix(rows: targets.rows, columns: count)
        for o in 0..<targets.rows { for i in 0..<count { result[o, i] = targets[o, i] } }
        return result
    }

    /// A sigmoid an output from left-out predictions.
    func calibration(_ leftOut: Matrix) -> ClassCalibration {
        let count = leftOut.columns
        func row(_ m: Matrix, _ o: Int) -> [Double] { Array(m.values[o * m.columns..<o * m.columns + count]) }
        return ClassCalibration(
            scores: (0..<leftOut.rows).map { row(leftOut, $0) }, targets: (0..<leftOut.rows).map { row(targets, $0) },
            weights: noiseFactors.prefix(count).map { 1 / $0 })
    }
}
