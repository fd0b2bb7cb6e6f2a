import CKernels
import LinearAlgebra

/// A trained network that predicts: the same bits for a row whatever the batch, the threads and the CPU.
struct NetworkScorer: Sendable {
    let shape: NetworkShape
    private let activation: Int32
    private let weights: [PackedFloatMatrix]
    private let biases: [[Float]]

    init(_ shape: NetworkShape, _ parameters: ArraySlice<Float>, activation: NetworkSettings.Activation) {
        self.shape = shape
        self.activation = Int32(activation == .silu ? MATSIEVE_SILU : MATSIEVE_RELU)
        let values = Array(parameters)
        weights = (0..<shape.layers).map { layer in
            PackedFloatMatrix(
                Array(values[shape.offset(layer)..<shape.biasOffset(layer)]).span, rows: shape.widths[layer],
                columns: shape.widths[layer + 1])
        }
        biases = (0..<shape.layers).map { Array(values[shape.biasOffset($0)..<shape.offset($0 + 1)]) }
    }

    /// Outputs, rows × width of the last layer.
    func outputs(_ inputs: [Float], rows: Int) -> [Float] {
        var values = inputs
        for layer in 0..<shape.layers {
            let columns = shape.widths[layer + 1]
            var z = [Float](repeating: 0, count: rows * columns)
            var span = z.mutableSpan
            rowInvariantProduct(values.span, weights[layer], into: &span, rows: rows)
            if layer + 1 < shape.layers {
                values = [Float](repeating: 0, count: rows * columns)
                matsieve_activate(&z, biases[layer], &values, rows, columns, activation)
            } else {
                for i in 0..<rows { for j in 0..<columns { z[i * columns + j] += biases[layer][j] } }
                values = z
            }
        }
        return values
    }
}
