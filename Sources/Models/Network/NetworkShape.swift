/// Where the numbers of a network stand in one flat list: layer by layer the weights (inputs × outputs), then the biases.
struct NetworkShape: Equatable, Sendable {
    /// Width of the input, of each hidden layer and of the output.
    let widths: [Int]

    /// Layers with weights.
    var layers: Int { widths.count - 1 }
    /// All numbers.
    var count: Int { offset(layers) }

    /// Where the weights of a layer begin.
    func offset(_ layer: Int) -> Int { (0..<layer).reduce(0) { $0 + (widths[$1] + 1) * widths[$1 + 1] } }

    /// Where the biases of a layer begin.
    func biasOffset(_ layer: Int) -> Int { offset(layer) + widths[layer] * widths[layer + 1] }
}
