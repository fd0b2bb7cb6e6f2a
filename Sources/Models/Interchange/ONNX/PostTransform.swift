import MaterialsCore

/// What classifiers of ai.onnx.ml do to the scores of a row.
enum PostTransform: String {
    case none = "NONE"
    case logistic = "LOGISTIC"
    case softmax = "SOFTMAX"
    case softmaxZero = "SOFTMAX_ZERO"

    init(_ context: OperatorContext) throws {
        let name = context.text("post_transform", "NONE")
        guard let known = PostTransform(rawValue: name) else { throw GraphError("post_transform \(name)") }
        self = known
    }

    /// Transforms a row.
    func apply(_ scores: [Double]) -> [Double] {
        switch self {
        case .none: return scores
        case .logistic: return scores.map(ClassProbabilities.logistic)
        case .softmax, .softmaxZero:
            let largest = scores.max() ?? 0
            let powers = scores.map { self == .softmaxZero && $0 == 0 ? 0 : PortableMath.exp($0 - largest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    /// The two scores that stand for one: `1 - s, s` of a probability, else `-s, s`.
    func pair(_ score: Double, isProbability: Bool) -> [Double] {
        if isProbability { return [1 - score, score] }
        return self == .logistic ? [ClassProbabilities.logistic(-score), ClassProbabilities.logistic(score)] : [-score, score]
    }
}

/// Labels of the classes of a classifier.
struct ClassLabels: Sendable {
    let texts: [String]
    let isText: Bool

    init(
        _ context: OperatorContext, integers: [String] = ["classlabels_int64s", "classlabels_ints"], strings: String = "classlabels_strings"
    ) {
        let texts = context.texts(strings)
        isText = !texts.isEmpty
        self.texts = isText ? texts : integers.flatMap { context.integers($0) ?? [] }.map { "\($0)" }
    }

    /// The labels of some classes.
    func tensor(_ codes: [Int]) -> GraphTensor {
        if isText { return GraphTensor(texts: codes.map { texts[$0] }, [codes.count]) }
        return GraphTensor(.int64, [codes.count], codes.map { texts.isEmpty ? Double($0) : Double(texts[$0]) ?? .nan })
    }
}

/// The first of the largest.
func largestIndex(_ values: [Double]) -> Int { values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 } }
