import MaterialsCore
import Synchronization

/// Fits the trees of a forest, each by itself.
struct ForestRun {
    private let name: String
    private let settings: ForestSettings
    private let context: TrainingContext
    private let data: TrainingData
    private let targets: ForestTargets
    private let columns: ForestColumns
    private let rules: ForestRules
    private let choice: CutChoice

    /// Codes the features.
    init(_ data: TrainingData, name: String, settings: ForestSettings, choice: CutChoice, context: TrainingContext) throws {
        (self.name, self.settings, self.context, self.data, self.choice) = (name, settings, context, data, choice)
        targets = ForestTargets(data)
        let drawn = settings.featuresPerSplit(of: data.features.columns)
        let isWide = choice == .random && data.classCount <= 2 && drawn * NumberTerms.fewestPartOfColumns >= data.features.columns
        columns = try ForestColumns(data, threads: context.threads, model: name, wide: isWide)
        rules = ForestRules(
            fewestRows: settings.minRowsInLeaf, maxDepth: settings.maxDepth,
            featuresPerSplit: settings.featuresPerSplit(of: columns.columns.count))
    }

    /// Grows all trees and judges them on the rows that they did not see.
    /// - Throws: `MatSieveError.stopped` when cancelled.
    func forest() throws -> Forest {
        let (ensemble, bags) = try grow(settings.trees) { bag($0) }
        var outOfBag = OutOfBag(ensemble, data.features, bags: bags, threads: context.threads)
        if outOfBag.rows.isEmpty, data.task == .regression, data.features.rows >= Self.parts {
            // Trees of four fifths of the rows stand in where every tree saw all of them.
            let part = partOfRows()
            let (trees, bags) = try grow(max(settings.trees / 15, 1) * Self.parts) { tree in
                part.indices.map { part[$0] == tree % Self.parts ? 0 : data.weight($0) }
            }
            outOfBag = OutOfBag(trees, data.features, bags: bags, threads: context.threads)
        }
        var spread = ForestSpread.unfitted
        if data.task == .regression {
            let errors = zip(outOfBag.rows, outOfBag.means).map { (targets.values[$0] - $1) * (targets.values[$0] - $1) }
            spread = ForestSpread(squaredErrors: errors, variances: outOfBag.variances)
        }
        return Forest(
            task: data.task, classCount: data.classCount, ensemble: ensemble, center: targets.center, scale: targets.scale, spread: spread,
            combination: settings.combine, summary: summary(outOfBag))
    }

    /// Parts of the rows that are left out in turn.
    private static let parts = 5

    /// A random part for each row.
    private func partOfRows() -> [Int] {
        var random = SplitMix64(seed: SplitMix64.hash(context.seed &+ 0x70_61_72_74))
        var part = [Int](repeating: 0, count: data.features.rows)
        for (i, row) in random.permutation(part.count).enumerated() { part[row] = i % Self.parts }
        return part
    }

    private func grow(_ count: Int, bag: @Sendable (Int) -> [Double]) throws -> (trees: TreeEnsemble, bags: [[UInt64]]) {
        targets.classCount > 0 ? try grow(ClassTerms.self, count, bag) : try grow(NumberTerms.self, count, bag)
    }

    private func summary(_ outOfBag: OutOfBag) -> [String: String] {
        var summary = [
            "trees": "\(settings.trees)", "features_per_split": "\(rules.featuresPerSplit) of \(columns.columns.count)",
            "min_rows_in_leaf": "\(settings.minRowsInLeaf)", "max_depth": "\(settings.maxDepth)", "bootstrap": "\(settings.bootstrap)",
            "row_fraction": "\(settings.rowFraction)", "combine": settings.combine.rawValue,
        ]
        guard !outOfBag.rows.isEmpty else { return summary }
        let count = Double(outOfBag.rows.count)
        if data.task == .regression {
            let distances = zip(outOfBag.rows, outOfBag.means).map { (targets.values[$0] - $1).magnitude * targets.scale }
            summary["out_of_bag_mae"] = "\(distances.reduce(0, +) / count)"
        } else {
            summary["out_of_bag_error"] = "\(Double(wrong(outOfBag)) / count)"
        }
        return summary
    }

    /// Rows out of bag that are taken for another class.
    private func wrong(_ outOfBag: OutOfBag) -> Int {
        let outputs = targets.outputCount
        return outOfBag.rows.indices.count { i in
            let shares = outOfBag.means[i * outputs..<(i + 1) * outputs]
            let likeliest = outputs == 1 ? (shares.first! >= 0.5 ? 1 : 0) : shares.firstIndex(of: shares.max()!)! - shares.startIndex
            return likeliest != Int(data.targets[outOfBag.rows[i]])
        }
    }

    private func grow<Terms: NodeTerms>(_ terms: Terms.Type, _ count: Int, _ bag: @Sendable (Int) -> [Double]) throws -> (
        trees: TreeEnsemble, bags: [[UInt64]]
    ) {
        let trees = Mutex<[(tree: GrownTree, bag: [UInt64])?]>(Array(repeating: nil, count: count))
        let idle = Mutex<[Idle<Terms>]>([])
        parallelLoop(count, threads: context.threads) { tree in
            guard !context.isCancelled() else { return }
            let own =
                idle.withLock { $0.popLast() }
                ?? Idle(ForestTreeGrower<Terms>(targets, columns: columns, rules: rules, choice: choice))
            let weights = bag(tree)
            let grown = own.grower.grow(weights: weights, seed: SplitMix64.hash(context.seed &+ SplitMix64.hash(2 * UInt64(tree))))
            trees.withLock { $0[tree] = (grown, Self.bits(weights)) }
            idle.withLock { $0.append(own) }
        }
        let grown = trees.withLock { $0 }
        guard grown.allSatisfy({ $0 != nil }) else {
            throw MatSieveError.stopped("\(name): stopped after \(grown.count { $0 != nil }) trees; start the fit again")
        }
        var ensemble = TreeEnsemble(featureCount: data.features.columns, outputCount: targets.outputCount)
        for tree in grown { ensemble.append(tree!.tree) }
        return (ensemble, grown.map { $0!.bag })
    }

    /// A grower that no thread uses: it changes hands under a lock.
    private struct Idle<Terms: NodeTerms>: @unchecked Sendable {
        let grower: ForestTreeGrower<Terms>
        init(_ grower: ForestTreeGrower<Terms>) { self.grower = grower }
    }

    /// Weight of each row in a tree: times drawn × its own.
    func bag(_ tree: Int) -> [Double] {
        let rows = data.features.rows
        var counts = [Double](repeating: 0, count: rows)
        let most = max(1, Int((Double(rows) * settings.rowFraction).rounded()))
        var random = SplitMix64(seed: SplitMix64.hash(context.seed &+ SplitMix64.hash(2 * UInt64(tree) + 1)))
        if settings.bootstrap {
            for _ in 0..<most { counts[random.nextInt(below: rows)] += 1 }
        } else if most < rows {
            for row in random.permutation(rows).prefix(most) { counts[row] = 1 }
        } else {
            counts = [Double](repeating: 1, count: rows)
        }
        if let weights = data.weights { for row in 0..<rows { counts[row] *= weights[row] } }
        return counts
    }

    private static func bits(_ weights: [Double]) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: (weights.count + 63) / 64)
        for (row, weight) in weights.enumerated() where weight > 0 { bits[row >> 6] |= 1 << UInt64(row & 63) }
        return bits
    }
}
