import MaterialsCore

/// Probability of being in the first front of those held, where objectives are independent normally distributed.
///
/// - Numerics: exact (0 or 1) where nothing has a standard deviation; else the share of `samples` drawn fronts, with an error of at most
///             0.5 / √samples. Each candidate draws from a stream of its own, seeded by the plan's seed and its index.
/// - Cost:     a sort of all that are held for each sample.
struct FrontProbability {
    let objectives: [Objective]
    let samples: Int
    let seed: UInt64

    /// One probability a candidate.
    func callAsFunction(_ candidates: [KeptCandidate]) -> [Double] {
        let m = objectives.count
        guard candidates.contains(where: { $0.objectiveSpreads.contains { $0 > 0 } }) else {
            let ranks = NonDominatedFronts(objectives.losses(candidates), dimension: m, limit: 1).ranks
            return ranks.map { $0 == 1 ? 1 : 0 }
        }
        var streams = candidates.map { SplitMix64(seed: SplitMix64.hash(SplitMix64.hash(seed) ^ $0.index.rawValue)) }
        var counts = [Int](repeating: 0, count: candidates.count)
        var points = [Double](repeating: 0, count: candidates.count * m)
        for _ in 0..<samples {
            for (i, candidate) in candidates.enumerated() { draw(candidate, &streams[i], into: &points, at: i * m) }
            let ranks = NonDominatedFronts(points, dimension: m, limit: 1).ranks
            for i in ranks.indices where ranks[i] == 1 { counts[i] += 1 }
        }
        return counts.map { Double($0) / Double(samples) }
    }

    private func draw(_ candidate: KeptCandidate, _ stream: inout SplitMix64, into points: inout [Double], at start: Int) {
        for k in stride(from: 0, to: objectives.count, by: 2) {
            let (a, b) = stream.nextNormalPair()
            for (j, z) in zip(k..<min(k + 2, objectives.count), [a, b]) {
                let spread = candidate.objectiveSpreads[j]
                points[start + j] = objectives[j].loss(candidate.objectives[j] + (spread > 0 ? spread * z : 0))
            }
        }
    }
}
