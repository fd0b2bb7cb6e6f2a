import MaterialsCore

extension GraphOperators {
    /// Support vector machines.
    static let vectors: [String: Builder] = [
        "SVMRegressor": { c in
            let kernel = try VectorKernel(c)
            let (coefficients, rho) = (c.numbers("coefficients"), c.numbers("rho"))
            let count = c.integer("n_supports", 0)
            let isOneClass = c.integer("one_class", 0) != 0
            let transform = try PostTransform(c)
            let vectors = try SupportVectors(count > 0 ? c.numbers("support_vectors") : coefficients, count: max(count, 1))
            guard rho.count >= 1, count > 0 ? coefficients.count == count : !coefficients.isEmpty else {
                throw GraphError("coefficients that do not fit")
            }
            return { inputs in
                let x = try table(inputs)
                guard x.width == vectors.width else { throw GraphError("\(x.width) features instead of \(vectors.width)") }
                return [
                    outputs(x.shape[0], 1, kind: x.kind == .double ? .double : .float) { row in
                        let similarities = vectors.similarities(x, row, kernel)
                        let sum = count > 0 ? zip(similarities, coefficients).reduce(0) { $0 + $1.0 * $1.1 } : similarities[0]
                        return transform.apply([isOneClass ? (sum + rho[0] > 0 ? 1 : -1) : sum + rho[0]])
                    }
                ]
            }
        },
        "SVMClassifier": { c in
            let machine = try VectorClassifier(c)
            return { inputs in try machine.run(try table(inputs)) }
        },
    ]
}

/// Similarity of two rows.
struct VectorKernel: Sendable {
    private enum Kind: String {
        case linear = "LINEAR"
        case radial = "RBF"
        case polynomial = "POLY"
        case sigmoid = "SIGMOID"
    }
    private let kind: Kind
    private let gamma: Double
    private let offset: Double
    private let degree: Double

    init(_ c: OperatorContext) throws {
        guard let kind = Kind(rawValue: c.text("kernel_type", "LINEAR")) else { throw GraphError("kernel \(c.text("kernel_type", ""))") }
        let parameters = c.numbers("kernel_params")
        guard parameters.count >= 3 || kind == .linear else { throw GraphError("\(parameters.count) parameters of the kernel") }
        self.kind = kind
        (gamma, offset, degree) = parameters.count >= 3 ? (parameters[0], parameters[1], parameters[2]) : (0, 0, 0)
    }

    /// Similarity from the product of two rows, or from the square of their distance (RBF).
    func value(product: Double, squaredDistance: Double) -> Double {
        switch kind {
        case .linear: product
        case .radial: PortableMath.exp(-gamma * squaredDistance)
        case .polynomial: PortableMath.pow(gamma * product + offset, degree)
        case .sigmoid: GraphOperators.tanh(gamma * product + offset)
        }
    }
}

/// Rows that a machine keeps.
struct SupportVectors: Sendable {
    private let values: [Double]
    let count: Int
    let width: Int

    init(_ values: [Double], count: Int) throws {
        guard count > 0, !values.isEmpty, values.count.isMultiple(of: count) else {
            throw GraphError("\(values.count) values of \(count) vectors")
        }
        (self.values, self.count, width) = (values, count, values.count / count)
    }

    /// Similarity of a row to each vector.
    func similarities(_ x: GraphTensor, _ row: Int, _ kernel: VectorKernel) -> [Double] {
        (0..<count).map { v in
            var (product, distance) = (0.0, 0.0)
            for k in 0..<width {
                let (a, b) = (x.values[row * width + k], values[v * width + k])
                product += a * b
                distance += (a - b) * (a - b)
            }
            return kernel.value(product: product, squaredDistance: distance)
        }
    }
}
