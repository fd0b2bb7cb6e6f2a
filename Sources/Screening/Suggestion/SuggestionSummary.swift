import MaterialsCore
import Selection

extension ExperimentSuggestion.Outcome {
    private struct Summary: Encodable {
        struct Line: Encodable {
            let actions: Int
            let score: Double
            let mean: [Double]
            let std: [Double]
            let feasibility: Double
        }

        let method: String
        let model: String?
        let objectives: [String]
        let measured: Int
        let candidates: Int
        let proposals: [Line]
    }

    /// The summary as one line of JSON.
    public func json() throws -> String {
        try JSONText.line(
            Summary(
                method: method, model: model, objectives: objectives, measured: measured, candidates: candidates,
                proposals: proposals.map {
                    Summary.Line(actions: $0.position, score: $0.score, mean: $0.means, std: $0.deviations, feasibility: $0.feasibility)
                }))
    }

    /// The summary for people, line by line.
    public var lines: [String] {
        let fitted = models.map { entry in
            "\(entry.column): \(model ?? ""), "
                + entry.summary.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        let chosen = proposals.map { p in
            let expected = zip(objectives, zip(p.means, p.deviations)).map { "\($0) \(roughNumberText($1.0)) ± \(roughNumberText($1.1))" }
            return (["row \(p.position)"] + expected).joined(separator: "  ")
        }
        return ["\(method): \(measured) measured, \(candidates) candidates"] + fitted + chosen
    }
}
