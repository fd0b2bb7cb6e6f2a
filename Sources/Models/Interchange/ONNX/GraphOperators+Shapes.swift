import MaterialsCore

extension GraphOperators {
    /// Elements in other places.
    static let shapes: [String: Builder] = [
        "Constant": { c in
            guard let value = constant(c) else { throw GraphError("a constant of another kind") }
            return { _ in [value] }
        },
        "Shape": { _ in
            { inputs in
                let shape = try take(inputs)[0].shape
                return [GraphTensor(.int64, [shape.count], shape.map { Double($0) })]
            }
        },
        "ConstantOfShape": { c in
            let value = c.tensor("value") ?? GraphTensor(.float, [1], [0])
            guard value.count == 1, value.kind != .text else { throw GraphError("a constant of several values") }
            return { inputs in
                let shape = try take(inputs)[0].integers()
                return [GraphTensor(value.kind, shape, [Double](repeating: value.values[0], count: try elementCount(shape)))]
            }
        },
        "Reshape": { c in
            let keepsZero = c.integer("allowzero", 0) != 0
            let given = c.integers("shape")
            return { inputs in
                let x = try take(inputs)[0]
                let shape = try given.flatMap { $0.isEmpty ? nil : $0 } ?? take(inputs, 2)[1].integers()
                return [try reshape(x, shape, keepsZero: keepsZero)]
            }
        },
        "Flatten": { c in
            let axis = c.integer("axis", 1)
            return { inputs in
                let x = try take(inputs)[0]
                guard x.count > 0 || x.shape.first == 0 else { throw GraphError("an empty tensor") }
                let cut = axis == x.shape.count ? axis : try frontAxis(axis, rank: x.shape.count)
                return [x.reshaped([x.shape[..<cut].reduce(1, *), x.shape[cut...].reduce(1, *)])]
            }
        },
        "Squeeze": { c in
            let given = c.integers("axes")
            return { inputs in
                let x = try take(inputs)[0]
                let axes = try given ?? (inputs.count > 1 ? inputs[1]?.integers() : nil) ?? x.shape.indices.filter { x.shape[$0] == 1 }
                let front = Set(try axes.map { try frontAxis($0, rank: x.shape.count) })
                guard front.allSatisfy({ $0 < x.shape.count && x.shape[$0] == 1 }) else {
                    throw GraphError("an axis that is not of length 1")
                }
                return [x.reshaped(x.shape.indices.filter { !front.contains($0) }.map { x.shape[$0] })]
            }
        },
        "Unsqueeze": { c in
            let given = c.integers("axes")
            return { inputs in
                let x = try take(inputs)[0]
                let axes = try given ?? take(inputs, 2)[1].integers()
                guard axes.count < 8 else { throw GraphError("\(axes.count) new axes") }
                var shape = x.shape
                let front = try axes.map { try frontAxis($0, rank: shape.count + axes.count) }.sorted()
                for axis in front {
                    guard axis <= shape.count else { throw GraphError("axis \(axis)") }
                    shape.insert(1, at: axis)
                }
                return [x.reshaped(shape)]
            }
        },
        "Transpose": { c in
            let order = c.integers("perm")
            return { inputs in
                let x = try take(inputs)[0]
                return [try transpose(x, order ?? Array(x.shape.indices.reversed()))]
            }
        },
        "Concat": { c in
            let axis = c.integer("axis", 1)
            return { inputs in [try concatenate(try take(inputs, inputs.count), axis: axis)] }
        },
        "Gather": { c in
            let axis = c.integer("axis", 0)
            return { inputs in
                let pair = try take(inputs, 2)
                return [try gather(pair[0], pair[1], axis: axis)]
            }
        },
        "GatherElements": { c in
            let axis = c.integer("axis", 0)
            return { inputs in
                let pair = try take(inputs, 2)
                return [try gatherElements(pair[0], pair[1], axis: axis)]
            }
        },
    ]

    private static func constant(_ c: OperatorContext) -> GraphTensor? {
        if let tensor = c.tensor("value") { return tensor }
        if let number = c.node.attributes["value_float"]?.number { return GraphTensor(.float, [], [number]) }
        if let whole = c.node.attributes["value_int"]?.integer { return GraphTensor(.int64, [], [Double(whole)]) }
        if let numbers = c.node.attributes["value_floats"]?.numbers { return GraphTensor(.float, [numbers.count], numbers) }
        if let whole = c.node.attributes["value_ints"]?.integers { return GraphTensor(.int64, [whole.count], whole.map { Double($0) }) }
        return nil
    }

    private static func reshape(_ x: GraphTensor, _ wanted: [Int], keepsZero: Bool) throws -> GraphTensor {
        var shape = wanted
        guard shape.count(where: { $0 == -1 }) <= 1, shape.allSatisfy({ $0 >= -1 }), shape.count <= 8 else {
            throw GraphError("shape \(wanted)")
        }
        for i in shape.indices where shape[i] == 0 && !keepsZero {
            guard i < x.shape.count else { throw GraphError("shape \(wanted)") }
            shape[i] = x.shape[i]
        }
        if let open = shape.firstIndex(of: -1) {
            let rest = try elementCount(shape.filter { $0 != -1 })
            guard rest > 0, x.count.isMultiple(of: rest) else { throw GraphError("\(x.count) elements in shape \(wanted)") }
            shape[open] = x.count / rest
        }
        guard try elementCount(shape) == x.count else { throw GraphError("\(x.count) elements in shape \(wanted)") }
        return x.reshaped(shape)
    }

    static func transpose(_ x: GraphTensor, _ order: [Int]) throws -> GraphTensor {
        guard order.sorted() == Array(x.shape.indices) else { throw GraphError("a transposition \(order) of shape \(x.shape)") }
        var steps = [Int](repeating: 1, count: x.shape.count)
        for axis in x.shape.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * x.shape[axis + 1] }
        var places = [0]
        for axis in order { places = places.flatMap { p in (0..<x.shape[axis]).map { p + $0 * steps[axis] } } }
        return x.gathering(places, shape: order.map { x.shape[$0] })
    }

    private static func concatenate(_ all: [GraphTensor], axis: Int) throws -> GraphTensor {
        guard let first = all.first else { throw GraphError("no inputs") }
        let axis = try frontAxis(axis, rank: first.shape.count)
        for x in all {
            guard x.shape.count == first.shape.count, x.shape.count > axis, (x.kind == .text) == (first.kind == .text),
                x.shape.indices.allSatisfy({ $0 == axis || x.shape[$0] == first.shape[$0] })
            else { throw GraphError("shapes that do not fit each other") }
        }
        var shape = first.shape
        shape[axis] = all.reduce(0) { $0 + $1.shape[axis] }
        let outer = shape[..<axis].reduce(1, *)
        let widths = all.map { $0.shape[axis...].reduce(1, *) }
        var result = GraphTensor(first.kind, shape, [])
        for row in 0..<outer {
            for (x, width) in zip(all, widths) {
                if x.kind == .text {
                    result.texts += x.texts[row * width..<(row + 1) * width]
                } else {
                    result.values += x.values[row * width..<(row + 1) * width]
                }
            }
        }
        return result
    }

    private static func gather(_ x: GraphTensor, _ indices: GraphTensor, axis: Int) throws -> GraphTensor {
        let axis = try frontAxis(axis, rank: x.shape.count)
        guard axis < x.shape.count else { throw GraphError("a scalar") }
        let chosen = try places(indices, below: x.shape[axis])
        let outer = x.shape[..<axis].reduce(1, *)
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let shape = x.shape[..<axis] + indices.shape + x.shape[(axis + 1)...]
        _ = try elementCount(Array(shape))
        let all = (0..<outer).flatMap { o in chosen.flatMap { i in (0..<inner).map { (o * x.shape[axis] + i) * inner + $0 } } }
        return x.gathering(all, shape: Array(shape))
    }

    private static func gatherElements(_ x: GraphTensor, _ indices: GraphTensor, axis: Int) throws -> GraphTensor {
        let axis = try frontAxis(axis, rank: x.shape.count)
        guard x.shape.count == indices.shape.count, axis < x.shape.count,
            x.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] == x.shape[$0] })
        else { throw GraphError("shapes \(x.shape) and \(indices.shape)") }
        let chosen = try places(indices, below: x.shape[axis])
        let inner = x.shape[(axis + 1)...].reduce(1, *)
        let length = indices.shape[axis]
        let all = chosen.indices.map { i in (i / inner / length * x.shape[axis] + chosen[i]) * inner + i % inner }
        return x.gathering(all, shape: indices.shape)
    }

    /// Indices, counted from the front, that lie inside a length.
    static func places(_ indices: GraphTensor, below length: Int) throws -> [Int] {
        try indices.integers().map { index in
            let place = index < 0 ? index + length : index
            guard place >= 0, place < length else { throw GraphError("index \(index) of \(length)") }
            return place
        }
    }
}
