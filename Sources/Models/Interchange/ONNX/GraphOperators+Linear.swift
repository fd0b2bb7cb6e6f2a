import CKernels
import MaterialsCore

extension GraphOperators {
    /// Linear models of ai.onnx.ml.
    static let linear: [String: Builder] = [
        "LinearRegressor": { c in
            let weights = try LinearWeights(c, outputs: c.integer("targets", 1))
            let transform = try PostTransform(c)
            return { inputs in
                let x = try table(inputs)
                let scores = try weights.scores(x)
                return [
                    outputs(x.shape[0], weights.outputs, kind: .float) {
                        transform.apply(Array(scores[$0 * weights.outputs..<($0 + 1) * weights.outputs]))
                    }
                ]
            }
        },
        "LinearClassifier": { c in
            let labels = ClassLabels(c)
            let intercepts = c.numbers("intercepts").count
            let weights = try LinearWeights(c, outputs: intercepts > 0 ? intercepts : labels.texts.count)
            guard labels.texts.count == weights.outputs || labels.texts.count == 2 && weights.outputs == 1 else {
                throw GraphError("labels that do not fit")
            }
            let transform = try PostTransform(c)
            return { inputs in
                let x = try table(inputs)
                let scores = try weights.scores(x)
                var codes: [Int] = []
                let result = outputs(x.shape[0], labels.texts.count, kind: .float) { row in
                    let line = Array(scores[row * weights.outputs..<(row + 1) * weights.outputs])
                    codes.append(line.count == 1 ? (line[0] > 0 ? 1 : 0) : largestIndex(line))
                    return line.count == 1 ? transform.pair(line[0], isProbability: false) : transform.apply(line)
                }
                return [labels.tensor(codes), result]
            }
        },
    ]
}

/// Weights of a linear operator: inputs × outputs.
private struct LinearWeights: Sendable {
    let outputs: Int
    private let inputs: Int
    private let weights: [Double]
    private let intercepts: [Double]

    init(_ c: OperatorContext, outputs: Int) throws {
        let coefficients = c.numbers("coefficients")
        let given = c.numbers("intercepts")
        guard outputs > 0, !coefficients.isEmpty, coefficients.count.isMultiple(of: outputs), given.isEmpty || given.count == outputs else {
            throw GraphError("\(coefficients.count) coefficients of \(outputs) outputs")
        }
        let inputs = coefficients.count / outputs
        weights = (0..<inputs).flatMap { i in (0..<outputs).map { coefficients[$0 * inputs + i] } }
        intercepts = given.isEmpty ? [Double](repeating: 0, count: outputs) : given
        (self.inputs, self.outputs) = (inputs, outputs)
    }

    /// Rows × outputs.
    func scores(_ x: GraphTensor) throws -> [Double] {
        guard x.width == inputs else { throw GraphError("\(x.width) features instead of \(inputs)") }
        var result = [Double](repeating: 0, count: x.shape[0] * outputs)
        // The kernel is C.
        matsieve_gemm(x.values, weights, &result, x.shape[0], inputs, outputs)
        for i in result.indices { result[i] += intercepts[i % outputs] }
        return result
    }
}
