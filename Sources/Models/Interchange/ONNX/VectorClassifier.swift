import MaterialsCore

/// A support vector classifier: one machine for each pair of classes, votes, and probabilities after Platt.
///
/// - Source: LIBSVM, doi:10.1145/1961189.1961199; T.-F. Wu, C.-J. Lin, R. C. Weng, JMLR 5, 975 (2004), algorithm 2.
struct VectorClassifier: Sendable {
    private let labels: ClassLabels
    private let kernel: VectorKernel
    private let vectors: SupportVectors
    private let coefficients: [Double]
    private let rho: [Double]
    /// First vector of each class, and the end.
    private let starts: [Int]
    private let slopes: [Double]
    private let offsets: [Double]
    private let transform: PostTransform
    private var classCount: Int { starts.count - 1 }

    init(_ c: OperatorContext) throws {
        labels = ClassLabels(c)
        kernel = try VectorKernel(c)
        (coefficients, rho) = (c.numbers("coefficients"), c.numbers("rho"))
        (slopes, offsets) = (c.numbers("prob_a"), c.numbers("prob_b"))
        transform = try PostTransform(c)
        let perClass = c.integers("vectors_per_class") ?? []
        guard perClass.count >= 2, perClass.count == labels.texts.count, perClass.allSatisfy({ $0 >= 0 && $0 < 1 << 24 }) else {
            throw GraphError("a classifier without vectors of each class")
        }
        var starts = [0]
        for n in perClass { starts.append(starts.last! + n) }
        self.starts = starts
        vectors = try SupportVectors(c.numbers("support_vectors"), count: starts.last!)
        let pairs = perClass.count * (perClass.count - 1) / 2
        guard rho.count == pairs, coefficients.count == starts.last! * (perClass.count - 1), slopes.isEmpty || slopes.count == pairs,
            slopes.count == offsets.count
        else { throw GraphError("coefficients that do not fit") }
    }

    /// Labels, and scores or probabilities.
    func run(_ x: GraphTensor) throws -> [GraphTensor] {
        guard x.width == vectors.width else { throw GraphError("\(x.width) features instead of \(vectors.width)") }
        var codes: [Int] = []
        let table = GraphOperators.outputs(x.shape[0], slopes.isEmpty ? max(rho.count, 2) : classCount, kind: .float) { row in
            let scores = scores(vectors.similarities(x, row, kernel))
            let voted = votes(scores)
            // The label is what most pairs decide for, as in LIBSVM, even where another class is likelier.
            codes.append(voted.code)
            return slopes.isEmpty ? voted.outputs : probabilities(scores)
        }
        return [labels.tensor(codes), table]
    }

    /// Decision of each pair of classes i < j: positive for i.
    private func scores(_ similarities: [Double]) -> [Double] {
        var scores: [Double] = []
        let all = vectors.count
        for i in 0..<classCount {
            for j in (i + 1)..<max(classCount, i + 1) {
                var sum = 0.0
                for v in starts[i]..<starts[i + 1] { sum += coefficients[(j - 1) * all + v] * similarities[v] }
                for v in starts[j]..<starts[j + 1] { sum += coefficients[i * all + v] * similarities[v] }
                scores.append(sum + rho[scores.count])
            }
        }
        return scores
    }

    private func votes(_ scores: [Double]) -> (code: Int, outputs: [Double]) {
        var votes = [Double](repeating: 0, count: classCount)
        var pair = 0
        for i in 0..<classCount {
            for j in (i + 1)..<max(classCount, i + 1) {
                votes[scores[pair] > 0 ? i : j] += 1
                pair += 1
            }
        }
        guard scores.count == 1 else { return (largestIndex(votes), transform.apply(scores)) }
        return (largestIndex(votes), transform == .none ? [scores[0], -scores[0]] : transform.pair(-scores[0], isProbability: false))
    }

    private func probabilities(_ scores: [Double]) -> [Double] {
        var pairwise = [[Double]](repeating: [Double](repeating: 0, count: classCount), count: classCount)
        var pair = 0
        for i in 0..<classCount {
            for j in (i + 1)..<max(classCount, i + 1) {
                let p = 1 - ClassProbabilities.logistic(scores[pair] * slopes[pair] + offsets[pair])
                pairwise[i][j] = min(max(p, 1e-7), 1 - 1e-7)
                pairwise[j][i] = 1 - pairwise[i][j]
                pair += 1
            }
        }
        let p = Self.coupled(pairwise)
        return p
    }

    /// Probabilities of classes that agree best with those of pairs: min Σ (r_ji p_i − r_ij p_j)².
    static func coupled(_ r: [[Double]]) -> [Double] {
        let k = r.count
        var p = [Double](repeating: 1 / Double(k), count: k)
        var q = r.map { _ in [Double](repeating: 0, count: k) }
        for t in 0..<k {
            for j in 0..<k where j != t {
                q[t][t] += r[j][t] * r[j][t]
                q[t][j] = -r[j][t] * r[t][j]
            }
        }
        for _ in 0..<max(100, k) {
            var qp = q.map { row in zip(row, p).reduce(0) { $0 + $1.0 * $1.1 } }
            var pqp = zip(p, qp).reduce(0) { $0 + $1.0 * $1.1 }
            if qp.allSatisfy({ ($0 - pqp).magnitude < 0.005 / Double(k) }) { break }
            for t in 0..<k {
                let step = (pqp - qp[t]) / q[t][t]
                p[t] += step
                pqp = (pqp + step * (step * q[t][t] + 2 * qp[t])) / (1 + step) / (1 + step)
                for j in 0..<k {
                    qp[j] = (qp[j] + step * q[t][j]) / (1 + step)
                    p[j] /= 1 + step
                }
            }
        }
        return p
    }
}
