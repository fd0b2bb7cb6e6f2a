import MaterialsCore

/// The ten best as cards.
enum BestSection {
    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let cards = report.ranking.rows.prefix(10).map { card($0, report, t) }
        let marks = report.ranking.rows.prefix(10).contains { !$0.known.isEmpty }
        let note = t(
            "Predicted values are given with one standard deviation where the model knows it.", "予測値には、モデルが推定できる場合は標準偏差（1σ）を付けています。")
        let known = t(
            "<span class=\"known\">known</span> marks a composition that a model learned from: its value is a memory, not a find.",
            "<span class=\"known\">既知</span> はモデルの学習データに含まれる組成です（新発見ではありません）。")
        return ReportHTML.section(
            t("The ten best", "上位 10 件"), note: marks ? note + " " + known : note, id: "best",
            cards.isEmpty ? "" : "<div class=\"cards\">\n" + cards.joined(separator: "\n") + "\n</div>")
    }

    private static func card(_ row: RankedRow, _ report: RunReport, _ t: ReportLanguage) -> String {
        let goals = Set(report.objectives.map(\.property))
        // Goals first; a card holds six lines at most, the table below has all.
        let order =
            report.properties.indices.filter { goals.contains(report.properties[$0].name) }
            + report.properties.indices.filter { !goals.contains(report.properties[$0].name) }
        let lines = order.prefix(6).map { i in
            let p = report.properties[i]
            let unit = p.unit.map { " <span class=\"unit\">\(HTMLText.escaped($0))</span>" } ?? ""
            let mark = goals.contains(p.name) ? " class=\"aim\"" : ""
            let value =
                p.className(row.values[i]).map(HTMLText.escaped)
                ?? HTMLText.number(row.values[i], spread: p.hasSpread ? row.spreads[i] : nil)
            return "<dt\(mark)>\(HTMLText.escaped(p.name))\(unit)</dt><dd>\(value)</dd>"
        }
        let score = RankingTable.showsScore(report) ? "<dt>\(t("score", "得点"))</dt><dd>\(HTMLText.number(row.score))</dd>" : ""
        return """
            <article class="card"><div class="rank">\(row.rank)</div>
            <h3>\(HTMLText.formula(row.formula))\(knownMark(row, t))</h3><p class="id">\(HTMLText.escaped(row.id))</p>
            <dl>\(score)\(lines.joined())</dl></article>
            """
    }

    /// A mark that names the properties whose models learned from the composition.
    static func knownMark(_ row: RankedRow, _ t: ReportLanguage) -> String {
        if row.known.isEmpty { return "" }
        let names = HTMLText.escaped(row.known.joined(separator: ", "))
        return " <span class=\"known\" title=\"\(t("in the training data of", "学習データに含まれる:")) \(names)\">\(t("known", "既知"))</span>"
    }
}
