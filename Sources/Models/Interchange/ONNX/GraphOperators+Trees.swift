import MaterialsCore

extension GraphOperators {
    /// Ensembles of trees.
    static let trees: [String: Builder] = [
        "TreeEnsembleRegressor": { c in
            let listed = try ListedEnsemble(c, leaves: "target", outputs: c.integer("n_targets", 1))
            let transform = try PostTransform(c)
            let scorers = try TreeScorers(listed)
            return { inputs in
                let x = try table(inputs)
                let scores = try scorers.scores(x)
                return [
                    outputs(scores.rows, scores.columns, kind: x.kind == .double ? .double : .float) {
                        transform.apply(Array(scores.row($0)))
                    }
                ]
            }
        },
        "TreeEnsembleClassifier": { c in
            let labels = ClassLabels(c)
            let listed = try ListedEnsemble(c, leaves: "class", outputs: labels.texts.count)
            let transform = try PostTransform(c)
            let isSingle = labels.texts.count == 2 && listed.usedOutputs.count == 1
            let isProbability = listed.allPositive
            let scorers = try TreeScorers(listed)
            let used = listed.usedOutputs.first ?? 0
            return { inputs in
                let scores = try scorers.scores(try table(inputs))
                var codes: [Int] = []
                let probabilities = outputs(scores.rows, labels.texts.count, kind: .float) { row in
                    let all = Array(scores.row(row))
                    codes.append(isSingle ? (all[used] > (isProbability ? 0.5 : 0) ? 1 : 0) : largestIndex(all))
                    return isSingle ? transform.pair(all[used], isProbability: isProbability) : transform.apply(all)
                }
                return [labels.tensor(codes), probabilities]
            }
        },
        "TreeEnsemble": { c in
            let listed = try ListedEnsemble(fifth: c)
            let transform = c.integer("post_transform", 0)
            guard transform == 0 else { throw GraphError("post_transform \(transform)") }
            let scorers = try TreeScorers(listed)
            return { inputs in
                let x = try table(inputs)
                let scores = try scorers.scores(x)
                return [GraphTensor(x.kind, [scores.rows, scores.columns], scores.values)]
            }
        },
    ]

    /// Rows × columns of numbers; a single row may lack its first axis.
    static func table(_ inputs: [GraphTensor?]) throws -> GraphTensor {
        let x = try numeric(inputs)
        guard x.shape.count == 2 || x.shape.count == 1 else { throw GraphError("an input of shape \(x.shape)") }
        return x.shape.count == 2 ? x : x.reshaped([1, x.count])
    }

    /// A table made row by row.
    static func outputs(_ rows: Int, _ columns: Int, kind: GraphTensor.Kind, _ body: (Int) -> [Double]) -> GraphTensor {
        var values: [Double] = []
        values.reserveCapacity(rows * columns)
        for row in 0..<rows { for v in body(row) { values.append(GraphTensor.rounded(v, kind)) } }
        return GraphTensor(kind, [rows, rows == 0 ? columns : values.count / rows], values)
    }
}

/// Trees in the arithmetic of the input.
private struct TreeScorers: Sendable {
    private let single: ImportedTreesScorer?
    private let double: ImportedTreesScorer
    private let featureCount: Int

    init(_ listed: ListedEnsemble) throws {
        single = listed.isDouble ? nil : ImportedTreesScorer(try listed.trees(.single))
        let trees = try listed.trees(.double)
        double = ImportedTreesScorer(trees)
        featureCount = trees.featureCount
    }

    func scores(_ x: GraphTensor) throws -> FeatureMatrix {
        guard x.width >= featureCount else { throw GraphError("\(x.width) features instead of \(featureCount)") }
        let scorer = x.kind == .double ? double : single ?? double
        return scorer.scores(FeatureMatrix(rows: x.shape[0], columns: x.width, values: x.values))
    }
}
