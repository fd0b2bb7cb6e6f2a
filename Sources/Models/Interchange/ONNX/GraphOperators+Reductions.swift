import MaterialsCore

extension GraphOperators {
    /// Many numbers to one, along axes.
    static let reductions: [String: Builder] = [
        "ReduceSum": { c in reduce(c) { $0.reduce(0, +) } },
        "ReduceMean": { c in reduce(c) { $0.reduce(0, +) / Double($0.count) } },
        "ReduceProd": { c in reduce(c) { $0.reduce(1, *) } },
        "ReduceMax": { c in reduce(c) { $0.max() ?? -.infinity } },
        "ReduceMin": { c in reduce(c) { $0.min() ?? .infinity } },
        "ReduceSumSquare": { c in reduce(c) { $0.reduce(0) { $0 + $1 * $1 } } },
        "ReduceL1": { c in reduce(c) { $0.reduce(0) { $0 + $1.magnitude } } },
        "ReduceL2": { c in reduce(c) { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() } },
        "ReduceLogSumExp": { c in
            reduce(c) { all in
                let largest = all.max() ?? 0
                return largest + PortableMath.log(all.reduce(0) { $0 + PortableMath.exp($1 - largest) })
            }
        },
        "ArgMax": { c in try extremum(c) { $0 > $1 } },
        "ArgMin": { c in try extremum(c) { $0 < $1 } },
        "Softmax": { c in
            along(c) { all in
                let largest = all.max() ?? 0
                let powers = all.map { PortableMath.exp($0 - largest) }
                let sum = powers.reduce(0, +)
                return powers.map { $0 / sum }
            }
        },
        "LogSoftmax": { c in
            along(c) { all in
                let largest = all.max() ?? 0
                let log = PortableMath.log(all.reduce(0) { $0 + PortableMath.exp($1 - largest) })
                return all.map { $0 - largest - log }
            }
        },
        "CumSum": { c in
            guard c.integer("exclusive", 0) == 0, c.integer("reverse", 0) == 0 else { throw GraphError("exclusive or reversed sums") }
            return { inputs in
                let pair = try take(inputs, 2)
                guard let axis = try pair[1].integers().first else { throw GraphError("no axis") }
                return [
                    try mapLines(pair[0], axis: axis) { all in
                        var sum = 0.0
                        return all.map {
                            sum += $0
                            return sum
                        }
                    }
                ]
            }
        },
        "TopK": { c in
            let (axis, largest) = (c.integer("axis", -1), c.integer("largest", 1) != 0)
            let fixed = c.integer("k", 0)
            return { inputs in
                let x = try numeric(inputs)
                let k = fixed > 0 ? fixed : try take(inputs, 2)[1].integers().first ?? 0
                guard try frontAxis(axis, rank: x.shape.count) == x.shape.count - 1, k >= 0, k <= x.width else {
                    throw GraphError("this axis or count")
                }
                return topK(x, k, largest: largest)
            }
        },
    ]

    /// Applies a function to each line of numbers along an axis.
    static func mapLines(_ x: GraphTensor, axis: Int, _ function: ([Double]) -> [Double]) throws -> GraphTensor {
        guard x.kind != .text, !x.shape.isEmpty else { throw GraphError("a scalar or texts") }
        let axis = try frontAxis(axis, rank: x.shape.count)
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let length = x.shape[axis]
        var result = x
        for outer in 0..<x.shape[..<axis].reduce(1, *) {
            for i in 0..<inner {
                let first = outer * length * inner + i
                let line = function((0..<length).map { x.values[first + $0 * inner] })
                for (k, value) in line.enumerated() { result.values[first + k * inner] = GraphTensor.rounded(value, x.kind) }
            }
        }
        return result
    }

    private static func along(_ c: OperatorContext, _ function: @escaping @Sendable ([Double]) -> [Double]) -> GraphProgram.Operation {
        let isOld = c.version < 13
        let axis = c.integer("axis", isOld ? 1 : -1)
        return { inputs in
            let x = try numeric(inputs)
            // Before version 13 all axes from the given one on were one line.
            guard !isOld || axis == -1 || axis == x.shape.count - 1 else { throw GraphError("this axis of an old version") }
            return [try mapLines(x, axis: axis, function)]
        }
    }

    private static func reduce(_ c: OperatorContext, _ function: @escaping @Sendable ([Double]) -> Double) -> GraphProgram.Operation {
        let given = c.integers("axes")
        let keeps = c.integer("keepdims", 1) != 0
        let doesNothing = c.integer("noop_with_empty_axes", 0) != 0
        return { inputs in
            let x = try numeric(inputs)
            let listed = try given ?? (inputs.count > 1 ? inputs[1]?.integers() : nil) ?? []
            if listed.isEmpty, doesNothing { return [x] }
            let axes = Set(listed.isEmpty ? Array(x.shape.indices) : try listed.map { try frontAxis($0, rank: x.shape.count) })
            let kept = x.shape.indices.filter { !axes.contains($0) }
            // Reduced axes last, so that each line is contiguous.
            let turned = try transpose(x, kept + axes.sorted().filter { $0 < x.shape.count })
            let lines = try elementCount(kept.map { x.shape[$0] })
            let length = lines == 0 ? 0 : x.count / lines
            let values = (0..<lines).map { GraphTensor.rounded(function(Array(turned.values[$0 * length..<($0 + 1) * length])), x.kind) }
            let shape = x.shape.indices.compactMap { axes.contains($0) ? (keeps ? 1 : nil) : x.shape[$0] }
            return [GraphTensor(x.kind, shape, values)]
        }
    }

    private static func extremum(_ c: OperatorContext, _ isBetter: @escaping @Sendable (Double, Double) -> Bool) throws
        -> GraphProgram.Operation
    {
        let (axis, keeps, last) = (c.integer("axis", 0), c.integer("keepdims", 1) != 0, c.integer("select_last_index", 0) != 0)
        guard !last else { throw GraphError("select_last_index") }
        return { inputs in
            let x = try numeric(inputs)
            let front = try frontAxis(axis, rank: x.shape.count)
            guard front < x.shape.count, x.shape[front] > 0 else { throw GraphError("an empty axis") }
            let turned = try transpose(x, x.shape.indices.filter { $0 != front } + [front])
            let length = x.shape[front]
            let values = (0..<x.count / length).map { line in
                let first = line * length
                return Double((1..<max(length, 1)).reduce(0) { isBetter(turned.values[first + $1], turned.values[first + $0]) ? $1 : $0 })
            }
            var shape = x.shape
            if keeps { shape[front] = 1 } else { shape.remove(at: front) }
            return [GraphTensor(.int64, shape, values)]
        }
    }

    private static func topK(_ x: GraphTensor, _ k: Int, largest: Bool) -> [GraphTensor] {
        var shape = x.shape
        shape[shape.count - 1] = k
        var values = GraphTensor(x.kind, shape, [])
        var indices = GraphTensor(.int64, shape, [])
        for row in 0..<x.rows {
            let line = x.values[row * x.width..<(row + 1) * x.width]
            let order = line.indices.sorted { a, b in
                if line[a] == line[b] || line[a].isNaN || line[b].isNaN { return line[a].isNaN == line[b].isNaN ? a < b : line[b].isNaN }
                return largest ? line[a] > line[b] : line[a] < line[b]
            }
            values.values += order.prefix(k).map { line[$0] }
            indices.values += order.prefix(k).map { Double($0 - line.startIndex) }
        }
        return [values, indices]
    }
}
