import MaterialsCore

/// The whole ranking as a table that sorts by a click on a heading.
enum RankingTable {
    /// Lines shown; a browser gets slow past them, and `ranking.csv` has all.
    private static let limit = 1000

    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let rows = report.ranking.rows
        if rows.isEmpty {
            return ReportHTML.section(
                t("Ranking", "順位表"), id: "ranking", "<p>\(t("No candidate is left to rank.", "順位を付ける候補が残っていません。"))</p>")
        }
        var note = t("Click a heading to sort. All digits are in ranking.csv.", "見出しをクリックすると並べ替えます。全桁の値は ranking.csv にあります。")
        if let meaning = report.ranking.scoreMeaning {
            note += " " + t("Score: ", "得点: ") + HTMLText.escaped(t(meaning.en, meaning.ja)) + t(".", "。")
        }
        if rows.count > limit {
            note +=
                " "
                + t(
                    "The first \(HTMLText.count(limit)) of \(HTMLText.count(rows.count)) lines.",
                    "全 \(HTMLText.count(rows.count)) 行のうち先頭 \(HTMLText.count(limit)) 行。")
        }
        let body = rows.prefix(limit).map { line($0, report, t) }.joined(separator: "\n")
        return ReportHTML.section(
            t("Ranking", "順位表"), note: note, id: "ranking",
            "<div class=\"scroll\"><table class=\"sortable\">\n"
                + "<thead><tr>\(head(report, t))</tr></thead>\n<tbody>\n\(body)\n</tbody>\n</table></div>"
        )
    }

    /// A score that all lines share, as within a Pareto front, tells nothing.
    static func showsScore(_ report: RunReport) -> Bool {
        report.ranking.extraColumns.first != "front" || report.ranking.extraColumns.contains("expected_rank")
    }

    private static func head(_ report: RunReport, _ t: ReportLanguage) -> String {
        var cells = [heading("#", nil), heading(t("formula", "組成式"), nil, isText: true), heading("id", nil, isText: true)]
        if showsScore(report) { cells.append(heading(t("score", "得点"), nil)) }
        cells += report.properties.map { heading($0.name, $0.unit) }
        cells += report.ranking.extraColumns.map { heading($0, nil) }
        cells += report.ranking.textColumns.map { heading($0, nil, isText: true) }
        return cells.joined()
    }

    private static func heading(_ name: String, _ unit: String?, isText: Bool = false) -> String {
        let unit = unit.map { "<span class=\"unit\">\(HTMLText.escaped($0))</span>" } ?? ""
        return "<th scope=\"col\"\(isText ? " class=\"text\"" : "")><button type=\"button\">\(HTMLText.escaped(name))\(unit)</button></th>"
    }

    private static func line(_ row: RankedRow, _ report: RunReport, _ t: ReportLanguage) -> String {
        var cells = [
            number(Double(row.rank), text: "\(row.rank)"),
            "<td class=\"text formula\" data-v=\"\(HTMLText.escaped(row.formula))\">\(HTMLText.formula(row.formula))"
                + "\(BestSection.knownMark(row, t))</td>",
            "<td class=\"text\">\(HTMLText.escaped(row.id))</td>",
        ]
        if showsScore(report) { cells.append(number(row.score, text: HTMLText.number(row.score))) }
        cells += report.properties.indices.map { i in
            let shown = report.properties[i].className(row.values[i]).map(HTMLText.escaped)
            return number(
                row.values[i], text: shown ?? HTMLText.number(row.values[i], spread: report.properties[i].hasSpread ? row.spreads[i] : nil))
        }
        cells += row.extras.map { number($0, text: HTMLText.number($0)) }
        cells += row.texts.map { "<td class=\"text\">\(HTMLText.escaped($0))</td>" }
        return "<tr>\(cells.joined())</tr>"
    }

    private static func number(_ value: Double?, text: String) -> String {
        "<td data-v=\"\(value.map { $0.isInfinite ? ($0 < 0 ? "-Infinity" : "Infinity") : numberText($0) } ?? "")\">\(text)</td>"
    }
}
