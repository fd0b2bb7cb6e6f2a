import MaterialsCore

extension ModelCard {
    /// What `train` says of it: method, error, warnings.
    var summaryLines: [String] { [title] + errorLines + cautions.map { "note: \($0)" } }

    /// The whole card, as `info` prints it.
    var lines: [String] {
        [title] + factLines + errorLines + calibrationLines + learningCurveLines + importanceLines + worstErrorLines
            + cautions.map { "note: \($0)" }
    }

    private var title: String {
        rows == 0
            ? "\(model) for \(target)\(unit.map { " (\($0))" } ?? ""), converted: \(grouped(UInt64(featureCount))) features of \(descriptors.joined(separator: ", "))"
            : "\(model) for \(target)\(unit.map { " (\($0))" } ?? ""): \(grouped(UInt64(rows))) rows, \(grouped(UInt64(featureCount))) features of \(descriptors.joined(separator: ", "))"
    }

    /// What speaks against trusting it or handing it on.
    private var cautions: [String] { warnings + (holdsTrainingRows ? [Self.heldRowsSentence] : []) }

    /// Said of models that keep rows of their training data.
    public static let heldRowsSentence =
        "the model file holds rows of its training data (features and targets): who has the file has them"

    private var factLines: [String] {
        let classText = classes.count > 8 ? classes.prefix(8).joined(separator: ", ") + ", …" : classes.joined(separator: ", ")
        let shown = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return TextTable.pairs([
            ("data", "\(data.path), \(data.dataClass.rawValue)\(data.license.map { ", \($0)" } ?? "")"),
            ("SHA-256", data.sha256),
            (
                "rows",
                rows == 0 ? "" : "\(grouped(UInt64(rows)))\(rejectedRows > 0 ? ", \(grouped(UInt64(rejectedRows))) could not be used" : "")"
            ),
            ("weights", weightColumn.map { "column '\($0)'" } ?? ""),
            ("classes", classes.isEmpty ? "" : "\(classes.count): \(classText)"),
            ("elements", elements.isEmpty ? "" : "\(elements.count): \(elements.joined(separator: " "))"),
            ("compositions", knownCompositions == 0 ? "" : grouped(UInt64(knownCompositions))),
            ("settings", shown.joined(separator: ", ")),
            (rows == 0 ? "converted by" : "trained by", "MatSieve \(version), seed \(seed)"),
        ])
    }

    private var errorLines: [String] {
        guard let v = validation else { return [] }
        let rows = v.metrics.sorted { $0.key < $1.key }.filter { $0.value.mean.isFinite }.map { name, m in
            [name, shortText(m.mean), m.std.map { "± \(shortText($0))" } ?? "", baseline[name].map(shortText) ?? ""]
        }
        return ["error on rows that the fit did not see (\(v.scheme))"]
            + TextTable.lines([["", "model", "", task == .regression ? "predicting the mean" : "the commonest class"]] + rows)
    }

    private var calibrationLines: [String] {
        guard let c = calibration else { return [] }
        let isNumber = task == .regression
        let sharpness = c.sharpness.map { ", sharpness \(shortText($0))\(unit.map { " " + $0 } ?? "")" } ?? ""
        let head = "calibration (\(grouped(UInt64(c.rows))) rows): miscalibration area \(shortText(c.miscalibrationArea))\(sharpness)"
        let coverage = c.coverage.map { ["\(percent($0.nominal))", percent($0.observed), "± \(shortText($0.factor)) σ"] }
        let bins = c.errorBySpread.map { b in
            [shortText(b.spread), shortText(b.observed), b.mae.map(shortText) ?? "", grouped(UInt64(b.rows))]
        }
        let labels = isNumber ? ["σ", "RMSE", "MAE", "rows"] : ["probability", "observed", "", "rows"]
        return [head] + (coverage.isEmpty ? [] : TextTable.lines([["interval", "rows inside", "half width"]] + coverage))
            + (bins.isEmpty ? [] : TextTable.lines([labels] + bins))
    }

    private var learningCurveLines: [String] {
        let names = Set(learningCurve.flatMap(\.metrics.keys)).sorted()
        if names.isEmpty { return [] }
        let rows = learningCurve.map { p in [grouped(UInt64(p.rows))] + names.map { p.metrics[$0].map(shortText) ?? "" } }
        return ["learning curve"] + TextTable.lines([["rows"] + names] + rows)
    }

    private var importanceLines: [String] {
        if importance.isEmpty { return [] }
        let hasSHAP = importance.contains { $0.shap != nil }
        let rows = importance.map { [$0.feature, shortText($0.permutation)] + (hasSHAP ? [$0.shap.map(shortText) ?? ""] : []) }
        return ["features that matter most: growth of the \(task == .regression ? "mean absolute error" : "log loss") when shuffled"]
            + TextTable.lines([["", "permutation"] + (hasSHAP ? ["mean |SHAP|"] : [])] + rows)
    }

    private var worstErrorLines: [String] {
        if worstErrors.isEmpty { return [] }
        let rows = worstErrors.map { w in [w.id, w.formula, label(w.observed), label(w.predicted), w.spread.map(shortText) ?? ""] }
        let last = task == .regression ? "σ" : "probability"
        return ["\(worstErrors.count) worst errors"]
            + TextTable.lines([["id", "formula", "observed", "predicted", last]] + rows, leading: 2)
    }

    /// A target for people: the class by its name.
    public func label(_ target: Double) -> String {
        guard task == .classification, classes.indices.contains(Int(exactly: target) ?? -1) else { return shortText(target) }
        return classes[Int(target)]
    }

    private func percent(_ share: Double) -> String { "\(shortText(share * 100)) %" }
}

/// Lines of text in columns.
enum TextTable {
    /// Rows of cells, indented, padded to equal widths; the first `leading` columns to the left, the others to the right.
    static func lines(_ rows: [[String]], leading: Int = 1) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { c in rows.map { c < $0.count ? $0[c].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { c, text in
                let air = String(repeating: " ", count: widths[c] - text.count)
                return c < leading ? text + air : air + text
            }
            return trimmed("  " + cells.joined(separator: "  "))
        }
    }

    /// Names and texts, one a line; empty texts are left out.
    static func pairs(_ pairs: [(name: String, text: String)]) -> [String] {
        let shown = pairs.filter { !$0.text.isEmpty }
        let width = shown.map(\.name.count).max() ?? 0
        return shown.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.text }
    }

    private static func trimmed(_ line: String) -> String { String(line.reversed().drop { $0 == " " }.reversed()) }
}

/// Four significant digits, for people.
func shortText(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return numberText(value) }
    let digits = max(0, 3 - Int(PortableMath.log10(abs(value)).rounded(.down)))
    let scale = PortableMath.pow(10, Double(min(digits, 12)))
    return numberText((value * scale).rounded() / scale)
}
