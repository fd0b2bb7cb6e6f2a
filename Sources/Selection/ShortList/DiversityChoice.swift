import MaterialsCore

/// How a short list is picked out of the pool so that its lines differ (`ranking.diversity`): `{method: k-centre}`.
///
/// Distances are those of the element fractions, or of the properties listed as `features`, each in units of its standard deviation over
/// the pool. The lines come in the order of the ranking; column `pick` tells in which order they were picked. The best is picked first.
struct DiversityChoice: Equatable, Sendable {
    /// How.
    enum Method: String, CaseIterable, Sendable {
        /// The one farthest from all picked comes next.
        case kCentre = "k-centre"
        /// The one that makes the picked most probable under a determinantal point process comes next; the quality falls linearly from 1
        /// to 0 along the pool, raised to the power `quality` (1).
        case determinantal
    }

    let method: Method
    /// Names of properties; nil: element fractions.
    let features: [String]?
    let quality: Double
    let line: Int

    init(_ setting: Setting) throws {
        var named = setting
        if case .text = setting.value {
            named = Setting(.mapping([("method", setting.line, setting)]), line: setting.line)
        }
        var s = try Settings(named, subject: "'diversity'")
        method = try s.choice("method", default: .kCentre)
        features = try s.texts("features")
        quality = method == .determinantal ? try s.number("quality", default: 1, in: 0...100) : 0
        line = setting.line
        try s.finish()
        if features?.isEmpty == true {
            throw Settings.error(line, "'features' of 'diversity' is empty; leave it out for element fractions")
        }
    }

    /// At most `count` of the lines, in their order.
    func pick(_ count: Int, of lines: [RankedCandidate], properties: [String]) -> [RankedCandidate] {
        let candidates = lines.map(\.candidate)
        let (values, columns) =
            features.map { names in CandidateFeatures.properties(candidates, at: names.map { properties.firstIndex(of: $0)! }) }
            ?? CandidateFeatures.elementFractions(candidates)
        let picked: [Int]
        switch method {
        case .kCentre: picked = DiverseSelection.kCentre(values, columns: columns, count: count)
        case .determinantal:
            let qualities = lines.indices.map { PortableMath.pow(1 - Double($0) / Double(lines.count), quality) }
            picked = DiverseSelection.determinantal(values, columns: columns, qualities: qualities, count: count)
        }
        return picked.enumerated().sorted { $0.element < $1.element }.map { place, i in
            var line = lines[i]
            line.extras.append(Double(place + 1))
            return line
        }
    }
}
