import MaterialsCore

/// Tables of a card: how often intervals hold the value, and the rows that the model gets wrong.
enum ModelErrors {
    /// Share of held-out rows inside the intervals of each level.
    static func coverage(_ m: ModelCard, _ t: ReportLanguage) -> String {
        guard let c = m.calibration, !c.coverage.isEmpty else { return "" }
        let rows = c.coverage.map {
            "<tr><th scope=\"row\">\(percent($0.nominal))</th><td>\(percent($0.observed))</td><td>± \(HTMLText.number($0.factor, digits: 3)) σ</td></tr>"
        }
        let head =
            "<tr><th>\(t("interval", "区間"))</th><th scope=\"col\">\(t("rows inside", "区間内の割合"))</th><th scope=\"col\">\(t("half width", "半幅"))</th></tr>"
        let sharpness =
            c.sharpness.map { " · \(t("sharpness", "鋭さ")) \(HTMLText.number($0, digits: 3)) \(HTMLText.escaped(m.unit ?? ""))" } ?? ""
        return
            "<table class=\"metrics\"><caption>\(t("Intervals", "予測区間"))\(sharpness)</caption><thead>\(head)</thead><tbody>\(rows.joined())</tbody></table>"
    }

    /// The worst errors, folded away.
    static func worst(_ m: ModelCard, _ t: ReportLanguage) -> String {
        if m.worstErrors.isEmpty { return "" }
        let rows = m.worstErrors.map { w in
            "<tr><td class=\"text\">\(HTMLText.escaped(w.id))</td><td class=\"text formula\">\(HTMLText.formula(w.formula))</td>"
                + "<td>\(label(w.observed, m))</td><td>\(label(w.predicted, m))</td><td>\(HTMLText.number(w.spread, digits: 3))</td></tr>"
        }
        let last = m.task == .regression ? "σ" : t("probability", "確率")
        let names =
            ["id", t("formula", "組成式")].map { "<th class=\"text\" scope=\"col\">\($0)</th>" }
            + [t("observed", "実測"), t("predicted", "予測"), last].map { "<th scope=\"col\">\($0)</th>" }
        let summary = t("\(m.worstErrors.count) worst errors", "誤差の大きい \(m.worstErrors.count) 件")
        return "<details><summary>\(summary)</summary><div class=\"scroll\"><table><thead><tr>\(names.joined())</tr></thead>"
            + "<tbody>\(rows.joined(separator: "\n"))</tbody></table></div></details>"
    }

    private static func label(_ target: Double, _ m: ModelCard) -> String {
        guard m.task == .classification, let code = Int(exactly: target), m.classes.indices.contains(code) else {
            return HTMLText.number(target)
        }
        return HTMLText.escaped(m.classes[code])
    }

    private static func percent(_ share: Double) -> String { HTMLText.number(share * 100, digits: 3) + " %" }
}
