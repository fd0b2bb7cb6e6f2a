import MaterialsCore

/// The chemical potentials at which a candidate would be stable.
public struct ReportedStabilityWindow: Codable, Equatable, Sendable {
    /// Label.
    public var id: String
    /// Formula.
    public var formula: String
    /// Symbols.
    public var elements: [String]
    /// Lowest potential of each element against the element, eV; nil where nothing bounds it.
    public var lowest: [Double?]
    /// Highest potential of each element.
    public var highest: [Double]

    /// Makes a window.
    public init(id: String, formula: String, elements: [String], lowest: [Double?], highest: [Double]) {
        (self.id, self.formula, self.elements, self.lowest, self.highest) = (id, formula, elements, lowest, highest)
    }
}

/// Phase diagrams of the best and the chemical potentials at which they would form.
enum StabilitySection {
    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let diagrams = (report.phaseDiagrams ?? []).map { diagram in
            "<figure><figcaption><b>\(HTMLText.escaped(diagram.elements.joined(separator: "–")))</b></figcaption>\(PhaseDiagramChart.figure(diagram))</figure>"
        }
        let windows = table(report.stabilityWindows ?? [], t)
        let figures = diagrams.isEmpty ? "" : "<div class=\"charts wide\">\n\(diagrams.joined(separator: "\n"))\n</div>"
        return ReportHTML.section(
            t("Stability of the best", "上位候補の安定性"),
            note: t(
                "Known phases on the hull are filled and joined by tie lines, pale ones lie above it; candidates of the ranking are rings.",
                "塗りつぶしは凸包上の既知相（線は共存線）、淡色は凸包より上の相、輪は順位表の候補です。"), id: "stability",
            [figures, windows].filter { !$0.isEmpty }.joined(separator: "\n"))
    }

    private static func table(_ windows: [ReportedStabilityWindow], _ t: ReportLanguage) -> String {
        if windows.isEmpty { return "" }
        let rows = windows.map { w in
            let ranges = w.elements.indices.map { i in
                let low = w.lowest[i].map { HTMLText.number($0) } ?? "−∞"
                return "\(HTMLText.escaped(w.elements[i])) \(low) … \(HTMLText.number(w.highest[i]))"
            }
            return
                "<tr><td>\(HTMLText.formula(w.formula))</td><td>\(HTMLText.escaped(w.id))</td><td>\(ranges.joined(separator: "; "))</td></tr>"
        }
        return """
            <div class="scroll"><table><thead><tr><th>\(t("candidate", "候補"))</th><th>id</th>\
            <th>\(t("stable at chemical potentials against the elements, eV", "安定な化学ポテンシャル範囲（単体基準, eV）"))</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div>
            """
    }
}
