/// The fastest scorer of an ensemble: bit masks where they fit, else compact nodes, else walks; the bits of `TreeEnsemble.sum`.
struct TreeScorer: Sendable {
    private let masks: BitmaskScorer?
    private let compact: CompactScorer?
    private let walks: WalkingScorer?

    init(_ ensemble: TreeEnsemble) {
        masks = BitmaskScorer(ensemble)
        compact = masks == nil ? CompactScorer(ensemble) : nil
        walks = masks == nil && compact == nil ? WalkingScorer(ensemble) : nil
    }

    /// Sums of row-major features: rows × outputs.
    func sums(_ features: Span<Double>, into sums: inout MutableSpan<Double>) {
        masks?.sums(features, into: &sums)
        compact?.sums(features, into: &sums)
        walks?.sums(features, into: &sums)
    }
}
