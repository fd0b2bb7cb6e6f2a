import CKernels
import LinearAlgebra
import MaterialsCore

/// The numbers of one network while it learns, and the steps of a batch: forward, backward, Adam.
///
/// - Numerics: float32; matrix products by OpenBLAS on one thread, all else in C kernels of fixed order.
/// - Cost: 6 × rows × parameters operations a step, and 7 memory passes over the parameters
/// - Source: D. P. Kingma, J. Ba, ICLR 2015, arXiv:1412.6980; I. Loshchilov, F. Hutter, ICLR 2019, arXiv:1711.05101 (decay).
final class NetworkTrainer {
    let shape: NetworkShape
    let loss: NetworkLoss
    private let activation: Int32
    private let dropout: Double
    let parameters: SharedBuffer<Float>
    let gradients: SharedBuffer<Float>
    private let means: SharedBuffer<Float>
    private let squares: SharedBuffer<Float>
    /// Values before and after the activation of each layer; the first `after` is the input.
    private let before: [SharedBuffer<Float>]
    private let after: [SharedBuffer<Float>]
    private var deltas: (SharedBuffer<Float>, SharedBuffer<Float>)
    private var steps = 0
    private var powers = (first: 1.0, second: 1.0)

    /// - Parameter batch: most rows of a step
    init(_ shape: NetworkShape, loss: NetworkLoss, activation: NetworkSettings.Activation, dropout: Double, batch: Int) {
        (self.shape, self.loss, self.dropout) = (shape, loss, dropout)
        self.activation = Int32(activation == .silu ? MATSIEVE_SILU : MATSIEVE_RELU)
        func zeros(_ count: Int) -> SharedBuffer<Float> { SharedBuffer(count: count, repeating: 0) }
        (parameters, gradients) = (zeros(shape.count), zeros(shape.count))
        (means, squares) = (zeros(shape.count), zeros(shape.count))
        before = shape.widths.dropFirst().map { zeros(batch * $0) }
        after = shape.widths.dropLast().map { zeros(batch * $0) }
        let widest = shape.widths.max()!
        deltas = (zeros(batch * widest), zeros(batch * widest))
    }

    /// Where the rows of a batch go: rows × inputs.
    var input: UnsafeMutablePointer<Float> { after[0].pointer }
    /// Where the outputs of a batch are: rows × outputs.
    var output: UnsafeMutablePointer<Float> { before[shape.layers - 1].pointer }

    /// Weights and biases even in ±1/√inputs.
    func start(_ random: inout SplitMix64) {
        for layer in 0..<shape.layers {
            let bound = 1 / Double(max(shape.widths[layer], 1)).squareRoot()
            for i in shape.offset(layer)..<shape.offset(layer + 1) { parameters.pointer[i] = Float((random.nextUnit() * 2 - 1) * bound) }
        }
    }

    private func weights(_ layer: Int, of buffer: SharedBuffer<Float>) -> FloatBlock {
        FloatBlock(buffer.pointer + shape.offset(layer), rows: shape.widths[layer], columns: shape.widths[layer + 1])
    }

    /// Outputs of the rows in `input`. With a key some hidden values are left out, and the others grow by as much.
    func forward(rows: Int, dropoutKey: UInt32? = nil) {
        for layer in 0..<shape.layers {
            let (inputs, outputs) = (shape.widths[layer], shape.widths[layer + 1])
            let z = before[layer].pointer
            let bias = parameters.pointer + shape.biasOffset(layer)
            blasProduct(
                FloatBlock(after[layer].pointer, rows: rows, columns: inputs), weights(layer, of: parameters),
                into: FloatBlock(z, rows: rows, columns: outputs))
            if layer + 1 == shape.layers {
                for i in 0..<rows { for j in 0..<outputs { z[i * outputs + j] += bias[j] } }
            } else {
                matsieve_activate(z, bias, after[layer + 1].pointer, rows, outputs, activation)
                if let dropoutKey { drop(after[layer + 1].pointer, rows * outputs, dropoutKey, layer) }
            }
        }
    }

    private func drop(_ values: UnsafeMutablePointer<Float>, _ count: Int, _ key: UInt32, _ layer: Int) {
        let threshold = UInt32(dropout * 0x1p32)
        matsieve_dropout(values, count, key &+ UInt32(layer) &* 0x85eb_ca6b, threshold, Float(1 / (1 - dropout)))
    }

    /// Gradients by all parameters, from the derivatives by the outputs that stand in `output`.
    func backward(rows: Int, dropoutKey: UInt32? = nil) {
        var delta = before[shape.layers - 1].pointer
        for layer in (0..<shape.layers).reversed() {
            let (inputs, outputs) = (shape.widths[layer], shape.widths[layer + 1])
            let d = FloatBlock(delta, rows: rows, columns: outputs)
            blasProduct(
                FloatBlock(after[layer].pointer, rows: rows, columns: inputs), transposed: true, d, into: weights(layer, of: gradients))
            matsieve_column_sums(delta, gradients.pointer + shape.biasOffset(layer), rows, outputs)
            guard layer > 0 else { return }
            let next = layer % 2 == 0 ? deltas.0.pointer : deltas.1.pointer
            blasProduct(d, weights(layer, of: parameters), otherTransposed: true, into: FloatBlock(next, rows: rows, columns: inputs))
            if let dropoutKey { drop(next, rows * inputs, dropoutKey, layer - 1) }
            matsieve_activation_gradient(before[layer - 1].pointer, next, rows * inputs, activation)
            delta = next
        }
    }

    /// Mean weighted loss of the rows in `input`, whose derivatives take the place of the outputs.
    func deriveLoss(rows: Int, targets: UnsafePointer<Float>, rowWeights: UnsafePointer<Float>) -> Double {
        let width = loss.outputs
        var sum = 0.0
        for i in 0..<rows {
            let scale = rowWeights[i] / Float(rows)
            sum += Double(rowWeights[i]) * loss.derive(output + i * width, target: targets[i], scale: scale)
        }
        return sum / Double(rows)
    }

    /// A step of Adam with b1 = 0.9, b2 = 0.999, epsilon = 1e-8.
    func adam(rate: Double, weightDecay: Double) {
        steps += 1
        powers = (powers.first * 0.9, powers.second * 0.999)
        matsieve_adam(
            parameters.pointer, means.pointer, squares.pointer, gradients.pointer, shape.count, Float(rate * weightDecay), 0.9, 0.999,
            Float(rate / (1 - powers.first)), Float(1 / (1 - powers.second).squareRoot()), 1e-8)
    }
}
