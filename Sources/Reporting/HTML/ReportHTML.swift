import MaterialsCore

/// `report.html`: one self-contained file for people; no network, no font or script from elsewhere.
public enum ReportHTML {
    /// The text of the file.
    public static func text(_ report: RunReport, language: ReportLanguage = .en) -> String {
        let sections = [
            ReportOverview.html(report, language), FunnelSection.html(report, language), BestSection.html(report, language),
            ScatterChart.html(report, language), StabilitySection.html(report, language), RankingTable.html(report, language),
            HistogramCharts.html(report, language),
            ModelSection.html(report, language), RejectionSection.html(report, language), ProvenanceSection.html(report, language),
        ]
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(HTMLText.escaped(report.name)) – MatSieve</title>
            <style>
            \(ReportStyle.css)
            </style>
            </head>
            <body>
            \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
            <footer>MatSieve \(HTMLText.escaped(report.version))</footer>
            <script>
            \(ReportScript.text)
            </script>
            </body>
            </html>

            """
    }

    /// A section with a heading; empty where there is nothing to show.
    static func section(_ title: String, note: String = "", id: String, _ body: String) -> String {
        if body.isEmpty { return "" }
        let lead = note.isEmpty ? "" : "<p class=\"note\">\(note)</p>\n"
        return "<section id=\"\(id)\">\n<h2>\(title)</h2>\n\(lead)\(body)\n</section>"
    }
}

/// Title, class of the data, goal and the four counts.
enum ReportOverview {
    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let c = report.counts
        let tiles = [
            (c.read, t("candidates read", "読み込んだ候補"), ""), (c.rejected, t("unusable", "使用不可"), c.rejected > 0 ? " warn" : ""),
            (c.passed, t("passed all filters", "全条件を通過"), ""), (c.ranked, t("in the ranking", "順位表に掲載"), " accent"),
        ]
        return """
            \(banner(report.dataClass, t))<header>
            <p class="brand">MatSieve · \(t("screening report", "スクリーニング報告"))</p>
            <h1>\(HTMLText.escaped(report.name))</h1>
            <p class="goal">\(goal(report, t))</p>
            <div class="tiles">
            \(tiles.map { "<div class=\"tile\($0.2)\"><b>\(HTMLText.count($0.0))</b><span>\($0.1)</span></div>" }.joined(separator: "\n"))
            </div>
            \((t == .ja ? report.warningsJa ?? report.warnings : report.warnings).map { "<p class=\"warning\">\(HTMLText.escaped($0))</p>" }.joined(separator: "\n"))
            </header>
            """
    }

    /// Names the class of closed or shared data on screen and on every printed page.
    private static func banner(_ dataClass: DataClass, _ t: ReportLanguage) -> String {
        switch dataClass {
        case .open: ""
        case .shared: banner("shared", t("SHARED DATA – for the partners of this project only", "共有データ – 本プロジェクトの関係者限り"))
        case .closed: banner("closed", t("CLOSED DATA – do not pass on", "非公開データ – 転送・配布禁止"))
        }
    }
    private static func banner(_ kind: String, _ text: String) -> String { "<div class=\"banner \(kind)\">\(text)</div>\n" }

    private static func goal(_ report: RunReport, _ t: ReportLanguage) -> String {
        let goals = report.objectives.map { o in
            let name = "<b>\(HTMLText.escaped(o.property))</b>"
            let weight = o.weight == 1 ? "" : " × \(HTMLText.number(o.weight))"
            if let target = o.target {
                let value = HTMLText.number(target)
                return t("\(name) near \(value)\(weight)", "\(name)\(weight) を \(value) に近づける")
            }
            return o.maximize
                ? t("maximize \(name)\(weight)", "\(name)\(weight) を最大化") : t("minimize \(name)\(weight)", "\(name)\(weight) を最小化")
        }
        let method = "<span class=\"soft\">\(t("ranked by", "順位付け")) \(HTMLText.escaped(report.ranking.method))</span>"
        return goals.joined(separator: t(", ", "、")) + " · " + method
    }
}
