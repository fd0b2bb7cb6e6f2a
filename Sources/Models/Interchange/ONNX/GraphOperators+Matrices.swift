import CKernels
import MaterialsCore

extension GraphOperators {
    /// Products of matrices, and loops over rows.
    static let matrices: [String: Builder] = [
        "MatMul": { _ in
            { inputs in
                let pair = try take(inputs, 2)
                return [try product(pair[0], pair[1])]
            }
        },
        "Gemm": { c in
            let (alpha, beta) = (c.number("alpha", 1), c.number("beta", 1))
            let (turnsA, turnsB) = (c.integer("transA", 0) != 0, c.integer("transB", 0) != 0)
            return { inputs in
                let pair = try take(inputs, 2)
                guard pair.allSatisfy({ $0.shape.count == 2 }) else { throw GraphError("what is no matrix") }
                let a = turnsA ? try transpose(pair[0], [1, 0]) : pair[0]
                let b = turnsB ? try transpose(pair[1], [1, 0]) : pair[1]
                var result = try product(a, b, scale: alpha)
                if inputs.count > 2, let c = inputs[2] {
                    result = try broadcast(result, c, to: result.kind) { $0 + beta * $1 }
                }
                return [result]
            }
        },
        "Scan": { c in
            guard let graph = c.node.attributes["body"]?.graph else { throw GraphError("no body") }
            let lists = [
                "scan_input_axes", "scan_output_axes", "scan_input_directions", "scan_output_directions",
            ].flatMap { c.integers($0) ?? [] }
            guard lists.allSatisfy({ $0 == 0 }) else { throw GraphError("scans along other axes or backwards") }
            let body = try GraphProgram(graph, versions: c.versions, fileName: c.fileName, outer: c.constants)
            let scanned = c.integer("num_scan_inputs", 1)
            let states = c.node.inputs.count - scanned
            guard scanned > 0, states >= 0, graph.inputs.count == c.node.inputs.count, graph.outputs.count == c.node.outputs.count,
                states <= graph.outputs.count
            else { throw GraphError("a body that does not fit") }
            return { try scan(try take($0, states + scanned), states: states, body) }
        },
    ]

    /// Rows × inner by inner × columns; sums over the inner index in ascending order, rounded once.
    private static func product(_ a: GraphTensor, _ b: GraphTensor, scale: Double = 1) throws -> GraphTensor {
        guard a.kind != .text, b.kind != .text, !a.shape.isEmpty, b.shape.count == 2 || b.shape.count == 1, a.width == b.shape[0] else {
            throw GraphError("shapes \(a.shape) and \(b.shape)")
        }
        let columns = b.shape.count == 2 ? b.shape[1] : 1
        let shape = Array(a.shape.dropLast()) + (b.shape.count == 2 ? [columns] : [])
        var result = GraphTensor(a.kind, shape, [Double](repeating: 0, count: try elementCount(shape)))
        let rows = columns == 0 ? 0 : result.values.count / columns
        // The kernel is C.
        if rows > 0 { matsieve_gemm(a.values, b.values, &result.values, rows, a.width, columns) }
        for i in result.values.indices { result.values[i] = GraphTensor.rounded(scale * result.values[i], a.kind) }
        return result
    }

    private static func scan(_ inputs: [GraphTensor], states: Int, _ body: GraphProgram) throws -> [GraphTensor] {
        guard let steps = inputs.last?.shape.first, inputs[states...].allSatisfy({ $0.shape.first == steps && $0.kind != .text }) else {
            throw GraphError("inputs of different lengths")
        }
        var state = Array(inputs[..<states])
        var collected: [GraphTensor] = []
        for step in 0..<steps {
            let slices = inputs[states...].map { x in
                let size = x.count / steps
                return GraphTensor(x.kind, Array(x.shape.dropFirst()), Array(x.values[step * size..<(step + 1) * size]))
            }
            let outputs = try body.run(state + slices)
            guard outputs.allSatisfy({ $0.kind != .text }) else { throw GraphError("texts in a scan") }
            state = Array(outputs[..<states])
            if step == 0 { collected = outputs[states...].map { GraphTensor($0.kind, [steps] + $0.shape, []) } }
            for (i, output) in outputs[states...].enumerated() {
                guard output.shape == Array(collected[i].shape.dropFirst()) else { throw GraphError("rows of different shapes") }
                collected[i].values += output.values
            }
        }
        return state + collected
    }
}
