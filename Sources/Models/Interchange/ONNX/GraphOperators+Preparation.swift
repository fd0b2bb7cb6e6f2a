import MaterialsCore

extension GraphOperators {
    /// Features made ready, labels looked up.
    static let preparation: [String: Builder] = [
        "Scaler": { c in
            let (offset, scale) = (c.numbers("offset"), c.numbers("scale"))
            guard !offset.isEmpty, !scale.isEmpty else { throw GraphError("no offset or scale") }
            return { inputs in
                let x = try table(inputs)
                guard [1, x.width].contains(offset.count), [1, x.width].contains(scale.count) else {
                    throw GraphError("\(x.width) features")
                }
                var result = GraphTensor(.float, x.shape, x.values)
                for i in result.values.indices {
                    let column = i % x.width
                    let moved = GraphTensor.rounded(x.values[i] - offset[offset.count == 1 ? 0 : column], .float)
                    result.values[i] = GraphTensor.rounded(moved * scale[scale.count == 1 ? 0 : column], .float)
                }
                return [result]
            }
        },
        "Normalizer": { c in
            let norm = c.text("norm", "MAX")
            guard ["MAX", "L1", "L2"].contains(norm) else { throw GraphError("norm \(norm)") }
            return { inputs in
                let x = try table(inputs)
                return [
                    outputs(x.shape[0], x.width, kind: .float) { row in
                        let line = Array(x.values[row * x.width..<(row + 1) * x.width])
                        let size =
                            norm == "MAX"
                            ? line.max() ?? 1
                            : norm == "L1" ? line.reduce(0) { $0 + $1.magnitude } : line.reduce(0) { $0 + $1 * $1 }.squareRoot()
                        return size == 0 ? line : line.map { $0 / size }
                    }
                ]
            }
        },
        "Imputer": { c in
            let floats = c.numbers("imputed_value_floats")
            let fill = floats.isEmpty ? (c.integers("imputed_value_int64s") ?? []).map { Double($0) } : floats
            let replaced = floats.isEmpty ? Double(c.integer("replaced_value_int64", 0)) : c.number("replaced_value_float", 0)
            guard !fill.isEmpty else { throw GraphError("no values to fill in") }
            return { inputs in
                var x = try table(inputs)
                guard fill.count == 1 || fill.count == x.width else { throw GraphError("\(x.width) features instead of \(fill.count)") }
                for i in x.values.indices where replaced.isNaN ? x.values[i].isNaN : x.values[i] == replaced {
                    x.values[i] = fill[fill.count == 1 ? 0 : i % x.width]
                }
                return [x]
            }
        },
        "Binarizer": { c in
            let threshold = c.number("threshold", 0)
            return { inputs in
                var x = try numeric(inputs)
                for i in x.values.indices { x.values[i] = x.values[i] > threshold ? 1 : 0 }
                return [x]
            }
        },
        "FeatureVectorizer": { _ in
            { inputs in
                let all = try inputs.map { try table([$0]) }
                guard let rows = all.first?.shape[0], all.allSatisfy({ $0.shape[0] == rows }) else { throw GraphError("rows that differ") }
                return [outputs(rows, 0, kind: .float) { row in all.flatMap { $0.values[row * $0.width..<(row + 1) * $0.width] } }]
            }
        },
        "ArrayFeatureExtractor": { _ in
            { inputs in
                let pair = try take(inputs, 2)
                let (x, indices) = (pair[0], pair[1])
                let chosen = try places(indices, below: x.width)
                let shape = (x.shape.count <= 1 ? [1] : Array(x.shape.dropLast())) + [chosen.count]
                return [x.gathering((0..<x.rows).flatMap { row in chosen.map { row * x.width + $0 } }, shape: shape)]
            }
        },
        "OneHotEncoder": { c in
            let labels = ClassLabels(c, integers: ["cats_int64s"], strings: "cats_strings")
            guard !labels.texts.isEmpty else { throw GraphError("no categories") }
            let refuses = c.integer("zeros", 1) == 0
            let place = Dictionary(labels.texts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            return { inputs in
                let x = try take(inputs)[0]
                guard (x.kind == .text) == labels.isText else {
                    throw GraphError("texts where numbers are expected, or numbers where texts are")
                }
                var result = GraphTensor(
                    .float, x.shape + [labels.texts.count], [Double](repeating: 0, count: x.count * labels.texts.count))
                for i in 0..<x.count {
                    let key = x.kind == .text ? x.texts[i] : x.values[i].isFinite ? numberText(x.values[i].rounded(.towardZero)) : ""
                    if let p = place[key] {
                        result.values[i * labels.texts.count + p] = 1
                    } else if refuses {
                        throw GraphError("an unknown category")
                    }
                }
                return [result]
            }
        },
        "LabelEncoder": { c in try labelEncoder(c) },
        "ZipMap": { _ in { [try take($0)[0]] } },
    ]

    /// A table of keys and values; numbers are keys by their text.
    private static func labelEncoder(_ c: OperatorContext) throws -> GraphProgram.Operation {
        let old = c.texts("classes_strings")
        let keyTexts = c.texts("keys_strings") + old
        let keys =
            keyTexts.isEmpty ? ((c.integers("keys_int64s") ?? []).map { Double($0) } + c.numbers("keys_floats")).map { "\($0)" } : keyTexts
        let texts = c.texts("values_strings")
        let numbers =
            old.isEmpty
            ? (c.integers("values_int64s") ?? []).map { Double($0) } + c.numbers("values_floats") : old.indices.map { Double($0) }
        guard !keys.isEmpty, keys.count == (texts.isEmpty ? numbers.count : texts.count) else {
            throw GraphError("keys and values of other kinds")
        }
        let place = Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let kind: GraphTensor.Kind = c.numbers("values_floats").isEmpty ? .int64 : .float
        let (otherText, otherNumber) = (
            c.text("default_string", "_Unused"), kind == .float ? c.number("default_float", 0) : Double(c.integer("default_int64", -1))
        )
        return { inputs in
            let x = try take(inputs)[0]
            let found = (0..<x.count).map { place[x.kind == .text ? x.texts[$0] : "\(x.values[$0])"] }
            if texts.isEmpty { return [GraphTensor(kind, x.shape, found.map { $0.map { numbers[$0] } ?? otherNumber })] }
            return [GraphTensor(texts: found.map { $0.map { texts[$0] } ?? otherText }, x.shape)]
        }
    }
}
