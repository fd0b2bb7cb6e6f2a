import CKernels
import MaterialsCore
import Testing

@testable import Models

/// A random tree: leaves are split at random until there are enough.
private func randomTree(leaves: Int, columns: Int, random: inout SplitMix64) -> GrownTree {
    var tree = GrownTree()
    tree.leafValues = [random.nextUnit()]
    var parents: [(node: Int, isLeft: Bool)?] = [nil]
    while tree.leafValues.count < leaves {
        let leaf = random.nextInt(below: tree.leafValues.count)
        let node = tree.nodes.count
        if let parent = parents[leaf] {
            if parent.isLeft { tree.nodes[parent.node].left = Int32(node) } else { tree.nodes[parent.node].right = Int32(node) }
        }
        tree.nodes.append(
            GrownTree.Node(
                feature: Int32(random.nextInt(below: columns)), binnedColumn: 0, bins: BinSet(),
                threshold: Float(random.nextInt(below: 9)) - 4,
                missingLeft: random.next() & 1 == 0, categories: [], left: ~Int32(leaf), right: ~Int32(tree.leafValues.count)))
        parents[leaf] = (node, true)
        parents.append((node, false))
        tree.leafValues.append(random.nextUnit() - 0.5)
    }
    return tree
}

private func randomEnsemble(trees: Int, mostLeaves: Int, columns: Int, seed: UInt64) -> TreeEnsemble {
    var random = SplitMix64(seed: seed)
    var ensemble = TreeEnsemble(featureCount: columns)
    ensemble.base = random.nextUnit()
    for t in 0..<trees {
        ensemble.append(randomTree(leaves: t == 0 ? mostLeaves : 1 + random.nextInt(below: mostLeaves), columns: columns, random: &random))
    }
    return ensemble
}

/// Few distinct values, so that many equal thresholds, with missing and infinite ones.
private func randomFeatures(rows: Int, columns: Int, seed: UInt64, isFinite: Bool = false) -> FeatureMatrix {
    var random = SplitMix64(seed: seed)
    let special: [Double] = isFinite ? [3e38, -3e38, -0.0, 1e-300] : [.nan, .infinity, -.infinity, 1e300, -1e300, 3e38, -0.0, 1e-300]
    return FeatureMatrix(
        rows: rows, columns: columns,
        values: (0..<rows * columns).map { _ in
            random.nextInt(below: 8) == 0 ? special[random.nextInt(below: special.count)] : Double(random.nextInt(below: 19)) / 2 - 4.5
        })
}

@Suite struct TreeKernelTests {
    @Test(arguments: [1, 2, 3, 16, 31, 32, 33, 50, 64]) func maskScorerHasTheBitsOfTheNaiveWalk(_ leaves: Int) throws {
        for seed in 0..<4 {
            // Fewer columns than a chunk, whole chunks, and chunks that overlap or that no node asks for.
            let columns = [7, 16, 19, 301][seed]
            let ensemble = randomEnsemble(
                trees: seed == 1 ? 150 : 37, mostLeaves: leaves, columns: columns, seed: UInt64(seed * 100 + leaves))
            try ensemble.validate()
            for isPortable in [false, true] {
                let scorer = try #require(BitmaskScorer(ensemble, isPortable: isPortable))
                for rows in [1, 63, 64, 65, 200] {
                    let features = randomFeatures(rows: rows, columns: columns, seed: UInt64(rows + seed))
                    var sums = [Double](repeating: .nan, count: rows)
                    var span = sums.mutableSpan
                    scorer.sums(features.values.span, into: &span)
                    #expect(sums.bits == (0..<rows).map { ensemble.sum(Array(features.row($0)).span) }.bits)
                }
            }
        }
    }

    @Test(arguments: [1, 2, 65, 300]) func walkingScorerHasTheBitsOfTheNaiveWalk(_ leaves: Int) throws {
        var ensemble = randomEnsemble(trees: 11, mostLeaves: leaves, columns: 7, seed: UInt64(leaves))
        var tree = GrownTree()
        tree.nodes = [
            .init(feature: 3, binnedColumn: 0, bins: BinSet(), threshold: 0, missingLeft: true, categories: [0, 2, 3], left: ~0, right: ~1)
        ]
        tree.leafValues = [0.1, 0.2]
        ensemble.append(tree)
        for rows in [1, 63, 64, 65, 200] {
            let features = randomFeatures(rows: rows, columns: 7, seed: UInt64(rows))
            var sums = [Double](repeating: .nan, count: rows)
            var span = sums.mutableSpan
            WalkingScorer(ensemble).sums(features.values.span, into: &span)
            #expect(sums.bits == (0..<rows).map { ensemble.sum(Array(features.row($0)).span) }.bits)
        }
    }

    @Test(arguments: [1, 2, 65, 300, 5_000]) func compactScorerHasTheBitsOfTheNaiveWalk(_ leaves: Int) throws {
        for (isFloat, columns) in [(true, 7), (false, 7), (true, 301)] {
            var ensemble = randomEnsemble(trees: 11, mostLeaves: leaves, columns: columns, seed: UInt64(leaves))
            if isFloat { ensemble.leafValue = ensemble.leafValue.map { Double(Float($0)) } }
            let scorer = try #require(CompactScorer(ensemble))
            for rows in [1, 15, 64, 65, 513, 1_100] {
                let features = randomFeatures(rows: rows, columns: columns, seed: UInt64(rows), isFinite: rows % 2 == 1)
                var sums = [Double](repeating: .nan, count: rows)
                var squares = sums
                var span = sums.mutableSpan
                scorer.sums(features.values.span, into: &span, squares: &squares)
                let naive = (0..<rows).map { Array(features.row($0)) }
                #expect(sums.bits == naive.map { ensemble.sum($0.span) }.bits)
                let naiveSquares = naive.map { row in
                    (0..<ensemble.treeCount).reduce(0.0) {
                        let value = ensemble.leafValue[ensemble.leafOffset[$1] + ensemble.leaf(of: row.span, tree: $1)]
                        return $0 + value * value
                    }
                }
                #expect(squares.bits == naiveSquares.bits)
            }
        }
    }

    @Test func compactScorerSumsEveryOutput() throws {
        let single = randomEnsemble(trees: 9, mostLeaves: 40, columns: 7, seed: 5)
        var ensemble = single
        ensemble.outputCount = 3
        ensemble.leafValue = single.leafValue.flatMap { [$0, 1 - $0, 0.5 * $0] }
        let features = randomFeatures(rows: 50, columns: 7, seed: 1)
        var sums = [Double](repeating: .nan, count: 150)
        var span = sums.mutableSpan
        try #require(CompactScorer(ensemble)).sums(features.values.span, into: &span)
        let naive = (0..<50).flatMap { row in (0..<3).map { ensemble.sum(Array(features.row(row)).span, output: $0) } }
        #expect(sums.bits == naive.bits)
    }

    @Test func scorerLeavesLargeTreesAndCategoriesToTheWalk() {
        #expect(BitmaskScorer(randomEnsemble(trees: 2, mostLeaves: 65, columns: 3, seed: 1)) == nil)
        var ensemble = TreeEnsemble(featureCount: 1)
        var tree = GrownTree()
        tree.nodes = [
            .init(feature: 0, binnedColumn: 0, bins: BinSet(), threshold: 0, missingLeft: false, categories: [1, 70], left: ~0, right: ~1)
        ]
        tree.leafValues = [1, 2]
        ensemble.append(tree)
        #expect(BitmaskScorer(ensemble) == nil)
        let sums = [0, 1, 2, 69, 70, 71, 128, -1, 1.5, .nan, .infinity, 1e300].map { ensemble.sum([$0].span) }
        #expect(sums == [2, 1, 2, 2, 1, 2, 2, 2, 2, 2, 2, 2])
    }

    @Test(arguments: [0, 1, 23, 24, 25, 500]) func histogramKernelAddsEveryRowOnce(_ count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        let codes = (0..<1_000 * 16).map { _ in UInt8(random.next() & 255) }
        let rows = (0..<count).map { _ in Int32(random.nextInt(below: 1_000)) }
        let words = (0..<count).map { _ in Int64(bitPattern: random.next()) >> 12 }
        for width in [8, 16] {
            var histogram = [Int64](repeating: 0, count: 16 * 256)
            matsieve_add_to_histogram(&histogram, codes, width, rows, words, count)
            var naive = [Int64](repeating: 0, count: 16 * 256)
            for (row, word) in zip(rows, words) { for j in 0..<width { naive[j * 256 + Int(codes[Int(row) * 16 + j])] += word } }
            #expect(histogram == naive)
        }
    }
}

@Suite struct BinSumTests {
    private struct Table {
        let columns = 11
        let rows = 300
        let width = 13
        var codes: [UInt16] = []
        let binCounts: [Int32] = [2, 3, 64, 65, 200, 256, 1_000, 4_096, 17, 4_095, 1]
        let chosen: [Int32] = [7, 0, 3, 9, 1, 10, 5, 2, 8, 4, 6]

        init(seed: UInt64) {
            var random = SplitMix64(seed: seed)
            codes = (0..<rows * width).map { i in
                i % width < 11 ? UInt16(random.nextInt(below: Int(binCounts[i % width]))) : 0
            }
        }

        /// Listed rows in ascending order, and two terms of each.
        func sample(_ count: Int, seed: UInt64) -> (rows: [Int32], terms: [TermSums]) {
            var random = SplitMix64(seed: seed)
            let listed = random.permutation(rows).prefix(count).sorted().map { Int32($0) }
            return (listed, listed.map { _ in TermSums(random.nextUnit() - 0.5, 1 + random.nextUnit()) })
        }

        func code(_ row: Int32, _ column: Int32) -> Int { Int(codes[Int(row) * width + Int(column)]) }
    }

    private func doubles(_ sums: [TermSums]) -> [Double] { sums.flatMap { [$0.x, $0.y] } }

    @Test(arguments: [0, 1, 2, 9, 40, 300]) func binsOfColumnsAreSummedInTheOrderOfRows(_ count: Int) {
        let table = Table(seed: 3)
        let (rows, terms) = table.sample(count, seed: UInt64(count))
        for columns in 1...table.columns {
            let chosen = Array(table.chosen.prefix(columns))
            var firstBin: [Int32] = [0]
            for bins in table.binCounts { firstBin.append(firstBin.last! + bins) }
            var naive = [TermSums](repeating: .zero, count: Int(firstBin.last!))
            for c in chosen { for (row, term) in zip(rows, terms) { naive[Int(firstBin[Int(c)]) + table.code(row, c)] += term } }
            let sums = SharedBuffer<Double>(count: 2 * naive.count, repeating: 0)
            let aligned = SharedBuffer(doubles(terms), padding: 0)
            matsieve_bin_sums(
                table.codes, table.width, 1, chosen, columns, firstBin, rows, count, aligned.pointer, sums.pointer)
            #expect((0..<sums.count).map { sums.pointer[$0] }.bits == doubles(naive).bits)
        }
    }

    @Test(arguments: [1, 2, 9, 40, 300]) func occupiedBinsAreListedInAscendingOrder(_ count: Int) {
        let table = Table(seed: 4)
        let (rows, terms) = table.sample(count, seed: UInt64(count))
        let room = 4_096
        let codes = table.chosen.flatMap { c in rows.map { UInt16(table.code($0, c)) } }
        let bins = SharedBuffer<Int32>(count: room * table.columns, repeating: -1)
        let sums = SharedBuffer<Double>(count: 2 * room * table.columns, repeating: 5)
        let aligned = SharedBuffer(doubles(terms), padding: 0)
        var occupied = [Int](repeating: 0, count: table.columns)
        matsieve_occupied_bins(
            codes, table.chosen, table.columns, table.binCounts, count, aligned.pointer, room, bins.pointer, sums.pointer, &occupied)
        for (place, c) in table.chosen.enumerated() {
            var naive: [Int: TermSums] = [:]
            for (row, term) in zip(rows, terms) { naive[table.code(row, c), default: .zero] += term }
            let listed = naive.keys.sorted()
            #expect(occupied[place] == listed.count)
            #expect((0..<listed.count).map { Int(bins.pointer[place * room + $0]) } == listed)
            let own = (0..<2 * listed.count).map { sums.pointer[2 * place * room + $0] }
            #expect(own.bits == doubles(listed.map { naive[$0]! }).bits)
        }
    }

    @Test(arguments: 0..<40) func bestCutIsTheFirstOfTheLargestGain(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let count = random.nextInt(below: 30)
        // Few different terms, empty bins among them: equal gains.
        let terms = (0..<count).map { _ in
            random.nextInt(below: 3) == 0 ? TermSums.zero : TermSums(Double(random.nextInt(below: 5)) - 2, 1)
        }
        let weight = terms.reduce(1) { $0 + $1.y }
        let least = Double(random.nextInt(below: 3))
        var (numerator, denominator) = (seed % 2 == 0 ? -1 : 1.5, 1.0)
        var best = NodeSplit(numerator: numerator, denominator: denominator)
        var (place, left) = (-1, TermSums(0.5, 0))
        for (k, term) in terms.enumerated() {
            left += term
            let (n, d) = (left.x * left.x, left.y * (weight - left.y))
            guard best.isBeaten(by: n, d), left.y >= least, weight - left.y >= least else { continue }
            (place, best.numerator, best.denominator) = (k, n, d)
        }
        let aligned = SharedBuffer(doubles(terms), padding: 0)
        let found = matsieve_best_cut(aligned.pointer, count, 0.5, 0, weight, least, &numerator, &denominator)
        #expect(found == place)
        #expect([numerator, denominator].bits == [best.numerator, best.denominator].bits)
    }
}

@Suite struct TreeArchiveTests {
    @Test func archiveGivesTheSameTrees() throws {
        let ensemble = randomEnsemble(trees: 9, mostLeaves: 20, columns: 5, seed: 4)
        #expect(try TreeEnsemble(archive: ensemble.archive) == ensemble)
    }

    /// Whatever integer is changed: an error, or trees whose every walk ends.
    @Test func damagedArchivesNeverCrash() throws {
        let ensemble = randomEnsemble(trees: 6, mostLeaves: 12, columns: 4, seed: 5)
        let features = randomFeatures(rows: 20, columns: 4, seed: 6)
        var random = SplitMix64(seed: 7)
        var refused = 0
        for _ in 0..<2_000 {
            var archive = ensemble.archive
            damage(&archive, &random)
            guard let read = try? TreeEnsemble(archive: archive) else {
                refused += 1
                continue
            }
            guard read.featureCount == 4 else { continue }
            let sums = (0..<20).map { read.sum(Array(features.row($0)).span) }
            if let scorer = BitmaskScorer(read) {
                var masked = [Double](repeating: 0, count: 20)
                var span = masked.mutableSpan
                scorer.sums(features.values.span, into: &span)
                #expect(masked.bits == sums.bits)
            }
        }
        #expect(refused > 500)
    }

    private func damage(_ archive: inout ParameterArchive, _ random: inout SplitMix64) {
        let names = archive.entries.keys.sorted()
        let name = names[random.nextInt(below: names.count)]
        let values: [Int64] = [-1, 0, 1, 2, 5, 1 << 31, .max, .min, -100, 1 << 40]
        switch archive.entries[name]! {
        case .integers(var v, _) where !v.isEmpty:
            v[random.nextInt(below: v.count)] = values[random.nextInt(below: values.count)]
            archive[name] = .integers(v, shape: [v.count])
        case .doubles(var v, _) where !v.isEmpty:
            v[random.nextInt(below: v.count)] = [.nan, .infinity, 1e300, 0][random.nextInt(below: 4)]
            archive[name] = .doubles(v, shape: [v.count])
        default: archive[name] = nil
        }
    }
}
