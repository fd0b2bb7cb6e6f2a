import MaterialsCore

extension GraphOperators {
    /// One number to one number, or two with broadcasting.
    static let elementwise: [String: Builder] = [
        "Neg": { _ in one { -$0 } }, "Abs": { _ in one { $0.magnitude } }, "Sqrt": { _ in one { $0.squareRoot() } },
        "Reciprocal": { _ in one { 1 / $0 } }, "Exp": { _ in one { PortableMath.exp($0) } }, "Log": { _ in one { PortableMath.log($0) } },
        "Relu": { _ in one { $0 < 0 ? 0 : $0 } }, "Tanh": { _ in one(tanh) }, "Sigmoid": { _ in one(logistic) },
        "Erf": { _ in one { PortableMath.erf($0) } }, "Floor": { _ in one { $0.rounded(.down) } }, "Ceil": { _ in one { $0.rounded(.up) } },
        "Round": { _ in one { $0.rounded(.toNearestOrEven) } }, "Sign": { _ in one { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 } },
        "Identity": { _ in { [try take($0)[0]] } }, "Dropout": { _ in { [try take($0)[0]] } },
        "Not": { _ in one { $0 == 0 ? 1 : 0 } }, "IsNaN": { _ in one(to: .boolean) { $0.isNaN ? 1 : 0 } },
        "Softplus": { _ in one { $0 > 30 ? $0 : PortableMath.log(1 + PortableMath.exp($0)) } },
        "LeakyRelu": { c in
            let slope = c.number("alpha", Double(Float(0.01)))
            return one { $0 < 0 ? slope * $0 : $0 }
        },
        "Elu": { c in
            let alpha = c.number("alpha", 1)
            return one { $0 < 0 ? alpha * (PortableMath.exp($0) - 1) : $0 }
        },
        "Add": { _ in two { $0 + $1 } }, "Sub": { _ in two { $0 - $1 } }, "Mul": { _ in two { $0 * $1 } }, "Div": { _ in divide },
        "Pow": { _ in two { $1 == 2 ? $0 * $0 : PortableMath.pow($0, $1) } },
        "Less": { _ in two(to: .boolean) { $0 < $1 ? 1 : 0 } }, "LessOrEqual": { _ in two(to: .boolean) { $0 <= $1 ? 1 : 0 } },
        "Greater": { _ in two(to: .boolean) { $0 > $1 ? 1 : 0 } }, "GreaterOrEqual": { _ in two(to: .boolean) { $0 >= $1 ? 1 : 0 } },
        "Equal": { _ in two(to: .boolean) { $0 == $1 ? 1 : 0 } }, "And": { _ in two { $0 != 0 && $1 != 0 ? 1 : 0 } },
        "Or": { _ in two { $0 != 0 || $1 != 0 ? 1 : 0 } },
        "Sum": { _ in folded { $0 + $1 } }, "Max": { _ in folded { $0.isNaN || $0 > $1 ? $0 : $1 } },
        "Min": { _ in folded { $0.isNaN || $0 < $1 ? $0 : $1 } },
        "Clip": { c in
            let (low, high) = (c.number("min", -.infinity), c.number("max", .infinity))
            return { inputs in
                let lower = inputs.count > 1 ? inputs[1]?.values.first ?? low : low
                let upper = inputs.count > 2 ? inputs[2]?.values.first ?? high : high
                return try one { $0.isNaN ? $0 : Swift.min(Swift.max($0, lower), upper) }([try take(inputs)[0]])
            }
        },
        "Where": { _ in
            { inputs in
                let all = try take(inputs, 3)
                let chosen = try two({ $0 != 0 ? $1 : .nan })([all[0], all[1]])[0]
                let mask = try broadcast(all[0], all[2], to: .boolean) { c, _ in c }
                let other = try broadcast(all[0], all[2], to: all[2].kind) { _, b in b }
                guard mask.shape == chosen.shape else { throw GraphError("shapes that need broadcasting both ways") }
                var result = other
                for i in result.values.indices where mask.values[i] != 0 { result.values[i] = chosen.values[i] }
                return [result]
            }
        },
        "Cast": { c in
            guard let kind = GraphTensor.Kind(rawValue: c.integer("to", 0)) else {
                throw GraphError("a cast to type \(c.integer("to", 0))")
            }
            return { [try cast(try take($0)[0], to: kind)] }
        },
    ]

    /// tanh from one exponential; a series where that would cancel.
    static func tanh(_ x: Double) -> Double {
        let a = x.magnitude
        if a < 0.01 { return x * (1 - x * x * (1.0 / 3 - x * x * (2.0 / 15 - x * x * (17.0 / 315)))) }
        let e = PortableMath.exp(-2 * a)
        let t = (1 - e) / (1 + e)
        return x < 0 ? -t : t
    }

    /// 1 / (1 + exp(-x))
    static func logistic(_ x: Double) -> Double { 1 / (1 + PortableMath.exp(-x)) }

    private static func one(to kind: GraphTensor.Kind? = nil, _ function: @escaping @Sendable (Double) -> Double) -> GraphProgram.Operation
    {
        { inputs in
            var x = try numeric(inputs)
            let kind = kind ?? x.kind
            for i in x.values.indices { x.values[i] = GraphTensor.rounded(function(x.values[i]), kind) }
            x.kind = kind
            return [x]
        }
    }

    private static func two(to kind: GraphTensor.Kind? = nil, _ function: @escaping @Sendable (Double, Double) -> Double)
        -> GraphProgram.Operation
    {
        { inputs in
            let pair = try take(inputs, 2)
            return [try broadcast(pair[0], pair[1], to: kind ?? pair[0].kind, function)]
        }
    }

    private static func folded(_ function: @escaping @Sendable (Double, Double) -> Double) -> GraphProgram.Operation {
        { inputs in
            let all = try take(inputs, inputs.count)
            guard let first = all.first else { throw GraphError("no inputs") }
            return [try all.dropFirst().reduce(first) { try broadcast($0, $1, to: $0.kind, function) }]
        }
    }

    private static let divide: GraphProgram.Operation = { inputs in
        let pair = try take(inputs, 2)
        let isWhole = pair[0].kind != .float && pair[0].kind != .double
        return [try broadcast(pair[0], pair[1], to: pair[0].kind) { isWhole ? ($0 / $1).rounded(.towardZero) : $0 / $1 }]
    }

    /// Two tensors, element by element; axes of length 1 repeat.
    static func broadcast(
        _ a: GraphTensor, _ b: GraphTensor, to kind: GraphTensor.Kind, _ function: (Double, Double) -> Double
    ) throws -> GraphTensor {
        guard a.kind != .text, b.kind != .text else { throw GraphError("texts instead of numbers") }
        let rank = max(a.shape.count, b.shape.count)
        let (left, right) = (padded(a.shape, rank), padded(b.shape, rank))
        var shape: [Int] = []
        for (l, r) in zip(left, right) {
            guard l == r || l == 1 || r == 1 else { throw GraphError("shapes \(a.shape) and \(b.shape)") }
            shape.append(l == 1 ? r : l)
        }
        let count = try elementCount(shape)
        var result = GraphTensor(kind, shape, [Double](repeating: 0, count: count))
        if left == right {
            for i in 0..<count { result.values[i] = GraphTensor.rounded(function(a.values[i], b.values[i]), kind) }
            return result
        }
        let (leftPlaces, rightPlaces) = (places(left, in: shape), places(right, in: shape))
        for i in 0..<count { result.values[i] = GraphTensor.rounded(function(a.values[leftPlaces[i]], b.values[rightPlaces[i]]), kind) }
        return result
    }

    private static func padded(_ shape: [Int], _ rank: Int) -> [Int] { [Int](repeating: 1, count: rank - shape.count) + shape }

    /// Place in a tensor of `lengths` of each element of `shape`.
    static func places(_ lengths: [Int], in shape: [Int]) -> [Int] {
        var places = [0]
        var step = lengths.reduce(1, *)
        for (length, whole) in zip(lengths, shape) {
            step /= max(length, 1)
            places = places.flatMap { p in (0..<whole).map { p + (length == 1 ? 0 : $0 * step) } }
        }
        return places
    }

    /// Elements in another kind.
    static func cast(_ x: GraphTensor, to kind: GraphTensor.Kind) throws -> GraphTensor {
        if kind == x.kind { return x }
        if kind == .text { return GraphTensor(texts: x.values.map { numberText($0) }, x.shape) }
        let numbers =
            x.kind == .text
            ? try x.texts.map { text in
                guard let n = Double(text) else { throw GraphError("the text '\(text)' as a number") }
                return n
            } : x.values
        return GraphTensor(
            kind, x.shape,
            numbers.map { value in
                switch kind {
                case .float, .double: GraphTensor.rounded(value, kind)
                case .boolean: value == 0 ? 0 : 1
                default: value.isFinite ? value.rounded(.towardZero) : 0
                }
            })
    }
}
