/// A candidate that a ranking holds on to, with all that the outputs need.
public struct KeptCandidate: Equatable, Sendable {
    /// Which one.
    public var index: CandidateIndex
    /// Its label.
    public var id: String
    /// What it is made of.
    public var composition: Composition
    /// What it shares with others of which a short list takes only so many: its chemical system, a prototype; empty where that is not asked.
    public var group: String
    /// One value an objective, as computed (not negated).
    public var objectives: [Double]
    /// Standard deviations beside `objectives`; NaN where there are none.
    public var objectiveSpreads: [Double]
    /// One value a property of the run; missing is NaN.
    public var values: [Double]
    /// Standard deviations beside `values`; NaN where there are none.
    public var spreads: [Double]
    /// Text columns carried along.
    public var texts: [String]
    /// Its structure, where the run reads structures.
    public var structure: CrystalStructure?

    /// Makes a kept candidate.
    public init(
        index: CandidateIndex, id: String, composition: Composition, group: String = "", objectives: [Double],
        objectiveSpreads: [Double] = [], values: [Double] = [], spreads: [Double] = [], texts: [String] = [],
        structure: CrystalStructure? = nil
    ) {
        (self.index, self.id, self.composition, self.group) = (index, id, composition, group)
        (self.objectives, self.values, self.spreads, self.texts) = (objectives, values, spreads, texts)
        self.structure = structure
        self.objectiveSpreads = objectiveSpreads.isEmpty ? objectives.map { _ in .nan } : objectiveSpreads
    }
}

/// The objectives of a batch's survivors; whole candidates are made only of those that are held.
public struct ObjectiveBatch {
    /// Index of each row, ascending.
    public var indices: [CandidateIndex]
    /// One array an objective, one value a row, as computed; never NaN.
    public var columns: [[Double]]
    /// Standard deviations beside `columns`; nil where there are none.
    public var spreads: [[Double]?]
    /// Makes the candidate of a row.
    public var candidate: (Int) -> KeptCandidate

    /// Makes a batch of objectives.
    public init(
        indices: [CandidateIndex], columns: [[Double]], spreads: [[Double]?] = [], candidate: @escaping (Int) -> KeptCandidate
    ) {
        (self.indices, self.columns, self.candidate) = (indices, columns, candidate)
        self.spreads = spreads.isEmpty ? columns.map { _ in nil } : spreads
    }
}
