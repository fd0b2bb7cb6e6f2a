/// The fastest scorer of an ensemble: bit masks where they fit, else walks; the bits of `TreeEnsemble.sum`.
struct TreeScorer: Sendable {
    private let masks: BitmaskScorer?
    private let walks: WalkingScorer?

    init(_ ensemble: TreeEnsemble) {
        masks = BitmaskScorer(ensemble)
        walks = masks == nil ? WalkingScorer(ensemble) : nil
    }

    /// Sums of row-major features: rows × outputs.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>) {
        masks?.sums(features, into: &sums)
        walks?.sums(features, into: &sums)
    }
}
