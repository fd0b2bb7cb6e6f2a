import MaterialsCore

/// How another program makes its output of the scores of a row.
enum OutputTransform: String, Sendable {
    case identity
    /// sign(s)·s²
    case signedSquare = "signed-square"
    /// eˢ
    case exponential
    /// log(1 + eˢ)
    case logOnePlusExp = "log-one-plus-exp"
    /// 1 / (1 + exp(-scale·s)) of each score.
    case logistic
    /// exp(s_k) / Σ exp(s)
    case softmax
    /// 1 where s > 0
    case step

    /// Scores of a row to outputs, in place. `single`: as XGBoost does in float32.
    func apply(_ s: inout [Double], scale: Double, single: Bool) {
        switch self {
        case .identity: break
        case .signedSquare: for k in s.indices { s[k] = s[k] < 0 ? -(s[k] * s[k]) : s[k] * s[k] }
        case .exponential: for k in s.indices { s[k] = rounded(PortableMath.exp(s[k]), single) }
        case .logOnePlusExp: for k in s.indices { s[k] = PortableMath.log(1 + PortableMath.exp(s[k])) }
        case .logistic: for k in s.indices { s[k] = single ? singleLogistic(s[k]) : ClassProbabilities.logistic(scale * s[k]) }
        case .softmax: softmax(&s, single)
        case .step: for k in s.indices { s[k] = s[k] > 0 ? 1 : 0 }
        }
    }

    private func rounded(_ x: Double, _ single: Bool) -> Double { single ? Double(Float(x)) : x }

    private func singleLogistic(_ s: Double) -> Double {
        let e = Float(PortableMath.exp(Double(min(Float(-s), 88.7))))
        return Double(1 / (e + 1 + 1e-16))
    }

    private func softmax(_ s: inout [Double], _ single: Bool) {
        let largest = s.max() ?? 0
        var sum = 0.0
        for k in s.indices {
            s[k] = rounded(PortableMath.exp(rounded(s[k] - largest, single)), single)
            sum += s[k]
        }
        for k in s.indices { s[k] = rounded(s[k] / rounded(sum, single), single) }
    }
}
