import MaterialsCore

/// What errors of predictions do to the order of a ranking (`ranking.uncertainty`).
public enum UncertaintyOrder: String, CaseIterable, Sendable {
    /// Predictions are taken as they are.
    case none
    /// The method's order by expected values; they differ from those of the predicted values where the score is not linear (desirability).
    case expected
    /// The method's best lines, the probability of meeting all constraints deciding first.
    case probabilityOfFeasibility = "probability_of_feasibility"
    /// The method's best lines, the probability of being in the first front of all that are held deciding first.
    case probabilityOfFront = "probability_of_front"

    var reorders: Bool { self == .probabilityOfFeasibility || self == .probabilityOfFront }

    var keyThatNeedsConstraints: String? { self == .probabilityOfFeasibility ? "uncertainty" : nil }

    /// What the score says where it is not the method's.
    var scoreMeaning: BilingualText? {
        switch self {
        case .none, .expected: nil
        case .probabilityOfFeasibility:
            BilingualText(
                en:
                    "probability of meeting all constraints, with independent normally distributed errors; equal ones in the order of the method (expected_rank)",
                ja: "すべての制約を満たす確率（誤差は独立な正規分布と仮定）。同値の場合は手法の順位（expected_rank）")
        case .probabilityOfFront:
            BilingualText(
                en:
                    "probability that nothing held dominates it, with independent normally distributed errors; equal ones in the order of the method (expected_rank)",
                ja: "保持された候補のどれにも支配されない確率（誤差は独立な正規分布と仮定）。同値の場合は手法の順位（expected_rank）")
        }
    }
}
