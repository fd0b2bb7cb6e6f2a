import MaterialsCore

/// How much each feature tells of the target, and the features left after redundancy is removed.
///
///     I(x; y) = Σ p(a, b) · log(p(a, b) / (p(a) · p(b)))
///     next = argmax_j  I(x_j; y) - mean_{s chosen} I(x_j; x_s)
///
/// Columns and numeric targets are cut into at most 12 bins of equal count (missing values are a bin of their own), over at most
/// 8,000 seeded rows.
/// - Numerics: integer counts; sums over cells in order; of equal features the first wins.
/// - Cost:     rows × columns × (1 + chosen).
/// - Source:   H. Peng, F. Long, C. Ding, IEEE TPAMI 27, 1226 (2005), doi:10.1109/TPAMI.2005.159
struct FeatureRelevance: Sendable {
    private static let mostBins = 12
    private static let mostRows = 8_000
    /// Bin of each sampled row, one array a column.
    private let codes: [[UInt8]]
    private let binCounts: [Int]
    private let logarithms: [Double]
    /// Mutual information with the target in nats, one a column; 0 for constant columns.
    let information: [Double]

    init(_ data: TrainingData, seed: UInt64) {
        var random = SplitMix64(seed: seed ^ 0x6d_75_74_75)
        let sample = random.permutation(data.targets.count).prefix(Self.mostRows).sorted()
        var codes: [[UInt8]] = []
        var counts: [Int] = []
        for column in 0..<data.features.columns {
            let (c, n) = Self.bins(sample.map { data.features[$0, column] })
            codes.append(c)
            counts.append(n)
        }
        let targets = sample.map { data.targets[$0] }
        let target = data.task == .classification ? (targets.map { UInt8(min($0, 255)) }, min(data.classCount, 256)) : Self.bins(targets)
        let logarithms = [0] + (1...max(sample.count, 1)).map { PortableMath.log(Double($0)) }
        (self.codes, binCounts, self.logarithms) = (codes, counts, logarithms)
        information = codes.indices.map { Self.information(codes[$0], counts[$0], target.0, target.1, logarithms) }
    }

    /// Quantile bins by the sorted distinct values; NaN is the last bin.
    private static func bins(_ values: [Double]) -> (codes: [UInt8], count: Int) {
        let sorted = values.filter(\.isFinite).sorted()
        var edges: [Double] = []
        for i in 1..<max(mostBins, 2) where !sorted.isEmpty {
            let edge = sorted[min(i * sorted.count / mostBins, sorted.count - 1)]
            if edge > edges.last ?? sorted[0] { edges.append(edge) }
        }
        let codes = values.map { v in UInt8(v.isFinite ? edges.count { v >= $0 } : edges.count + 1) }
        return (codes, edges.count + 2)
    }

    private static func information(_ a: [UInt8], _ aCount: Int, _ b: [UInt8], _ bCount: Int, _ logarithms: [Double]) -> Double {
        var joint = [Int](repeating: 0, count: aCount * bCount)
        for i in a.indices { joint[Int(a[i]) * bCount + Int(b[i])] += 1 }
        var (rows, columns) = ([Int](repeating: 0, count: aCount), [Int](repeating: 0, count: bCount))
        for i in 0..<aCount {
            for j in 0..<bCount {
                rows[i] += joint[i * bCount + j]
                columns[j] += joint[i * bCount + j]
            }
        }
        var sum = 0.0
        for i in 0..<aCount {
            for j in 0..<bCount where joint[i * bCount + j] > 0 {
                let n = joint[i * bCount + j]
                sum += Double(n) * (logarithms[n] + logarithms[a.count] - logarithms[rows[i]] - logarithms[columns[j]])
            }
        }
        return max(0, sum / Double(max(a.count, 1)))
    }

    /// At most `count` of the candidate columns, ascending: relevant ones that do not repeat each other.
    func select(_ count: Int, among candidates: [Int]) -> [Int] {
        var left = candidates.filter { information[$0] > 0 }
        var redundancy = [Double](repeating: 0, count: information.count)
        var chosen: [Int] = []
        while chosen.count < count, !left.isEmpty {
            let scores = left.map { information[$0] - (chosen.isEmpty ? 0 : redundancy[$0] / Double(chosen.count)) }
            let best = scores.indices.max { scores[$0] < scores[$1] || (scores[$0] == scores[$1] && $0 > $1) }!
            let column = left.remove(at: best)
            chosen.append(column)
            for j in left { redundancy[j] += Self.information(codes[j], binCounts[j], codes[column], binCounts[column], logarithms) }
        }
        return chosen.sorted()
    }

    /// Columns that vary and do not repeat an earlier one exactly.
    static func distinctColumns(_ features: FeatureMatrix) -> [Int] {
        var seen: [UInt64: [Int]] = [:]
        var kept: [Int] = []
        for column in 0..<features.columns {
            let values = features.column(column)
            let finite = values.filter(\.isFinite)
            guard let first = finite.first, finite.contains(where: { $0 != first }) else { continue }
            var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
            for v in values {
                var mixer = SplitMix64(seed: hash ^ (v.isFinite ? v + 0 : .nan).bitPattern)
                hash = mixer.next()
            }
            let repeats = seen[hash, default: []].contains { other in
                (0..<features.rows).allSatisfy { row in
                    let (a, b) = (features[row, other], features[row, column])
                    return a == b || !a.isFinite && !b.isFinite
                }
            }
            if repeats { continue }
            seen[hash, default: []].append(column)
            kept.append(column)
        }
        return kept
    }
}
