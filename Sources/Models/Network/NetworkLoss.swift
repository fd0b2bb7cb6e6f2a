import MaterialsCore

/// What the outputs of a network mean, and how far they are off.
///
///     absolute |f - t|,  squared (f - t)²/2,  huber of β = 1/2,  gaussian (s + (f - t)²·exp(-s))/2,  cross-entropy
///
/// Targets of a regression are standardised; the second output of `gaussian` is s, the logarithm of the variance, held in ±7.
struct NetworkLoss: Equatable, Sendable {
    /// Which of them.
    enum Kind: String, CaseIterable, Sendable { case absolute, squared, huber, gaussian, logistic, softmax }

    let kind: Kind
    /// Classes; 0 in a regression.
    let classCount: Int

    init(kind: Kind, classCount: Int) { (self.kind, self.classCount) = (kind, classCount) }

    init(_ loss: NetworkSettings.Loss, classCount: Int) {
        self.init(kind: classCount == 0 ? Kind(rawValue: loss.rawValue)! : classCount == 2 ? .logistic : .softmax, classCount: classCount)
    }

    /// Numbers that the network gives for a row.
    var outputs: Int { kind == .gaussian ? 2 : kind == .softmax ? classCount : 1 }

    private static let logarithmBound: Float = 7
    private static let huberWidth: Float = 0.5

    /// The logarithm of the variance as it counts.
    static func bounded(_ logarithm: Float) -> Float { min(max(logarithm, -logarithmBound), logarithmBound) }

    /// The loss of a row, whose outputs become the derivatives by them, times `scale`.
    func derive(_ f: UnsafeMutablePointer<Float>, target t: Float, scale: Float) -> Double {
        let d = f[0] - t
        switch kind {
        case .absolute:
            f[0] = d == 0 ? 0 : d > 0 ? scale : -scale
            return Double(d.magnitude)
        case .squared:
            f[0] = d * scale
            return Double(d * d) / 2
        case .huber:
            let (width, far) = (Self.huberWidth, d.magnitude)
            f[0] = min(max(d / width, -1), 1) * scale
            return Double(far < width ? d * d / (2 * width) : far - width / 2)
        case .gaussian: return deriveGaussian(f, d, scale)
        case .logistic:
            let score = Double(f[0])
            f[0] = (Float(ClassProbabilities.logistic(score)) - t) * scale
            return ClassProbabilities.logisticLoss(margin: t == 1 ? score : -score)
        case .softmax: return deriveSoftmax(f, Int(t), scale)
        }
    }

    private func deriveGaussian(_ f: UnsafeMutablePointer<Float>, _ d: Float, _ scale: Float) -> Double {
        let s = Self.bounded(f[1])
        let inverse = Float(PortableMath.exp(-Double(s)))
        let isInside = f[1] == s
        f[0] = d * inverse * scale
        f[1] = isInside ? (1 - d * d * inverse) / 2 * scale : 0
        return Double(s + d * d * inverse) / 2
    }

    private func deriveSoftmax(_ f: UnsafeMutablePointer<Float>, _ code: Int, _ scale: Float) -> Double {
        var highest = f[0]
        for c in 1..<classCount { highest = max(highest, f[c]) }
        let own = Double(f[code] - highest)
        var sum = 0.0
        for c in 0..<classCount {
            let e = PortableMath.exp(Double(f[c] - highest))
            f[c] = Float(e)
            sum += e
        }
        for c in 0..<classCount { f[c] = (f[c] / Float(sum) - (c == code ? 1 : 0)) * scale }
        return PortableMath.log(sum) - own
    }
}
