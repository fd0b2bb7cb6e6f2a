import MaterialsCore

/// What the trees of a forest learn: numbers (or two classes as 0 and 1), or codes of more classes.
struct ForestTargets: Sendable {
    /// More than two classes; else 0.
    let classCount: Int
    /// (target - center) / scale: of magnitude 1 at most, so that squares neither overflow nor vanish.
    let values: [Double]
    let center: Double
    let scale: Double
    /// Codes where there are more than two classes.
    let codes: [Int32]

    /// Values of a leaf: the mean, or a share of each class.
    var outputCount: Int { max(classCount, 1) }

    init(_ data: TrainingData) {
        classCount = data.classCount > 2 ? data.classCount : 0
        codes = classCount > 2 ? data.targets.map { Int32($0) } : []
        guard data.task == .regression else {
            (values, center, scale) = (data.targets, 0, 1)
            return
        }
        // The middle of the range, not the mean: sums of huge targets overflow.
        let (low, high) = (data.targets.min() ?? 0, data.targets.max() ?? 0)
        let middle = low / 2 + high / 2
        let reach = max(high / 2 - low / 2, .leastNormalMagnitude)
        (center, scale) = (middle, reach)
        values = data.targets.map { ($0 / 2 - middle / 2) / reach * 2 }
    }
}
