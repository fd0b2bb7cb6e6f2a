import MaterialsCore

/// How many candidates each step let through.
enum FunnelSection {
    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let total = max(report.counts.read, 1)
        var rows = [row(t("candidates read", "読み込んだ候補"), out: report.counts.read, from: nil, total: total)]
        var left = report.counts.read
        // What is lost between two steps could not be read, described or predicted.
        func loseUnusable(to count: Int) {
            if count < left { rows.append(row(t("usable", "使用可能"), out: count, from: left, total: total)) }
            left = count
        }
        for step in report.funnel {
            loseUnusable(to: step.input)
            rows.append(row(HTMLText.escaped(step.name), out: step.output, from: step.input, total: total))
            left = step.output
        }
        loseUnusable(to: report.counts.passed)
        return ReportHTML.section(
            t("Funnel", "絞り込み"), note: t("Candidates left after each step, in the order in which the steps ran.", "各段階の後に残った候補数（実行順）。"),
            id: "funnel",
            "<div class=\"funnel\">\n" + rows.joined(separator: "\n") + "\n</div>" + emptied(report, t))
    }

    private static func row(_ name: String, out: Int, from input: Int?, total: Int) -> String {
        let width = HTMLText.coordinate(Double(out) / Double(total) * 100)
        var lost = ""
        if let input, input > out {
            let share = Double(input - out) / Double(input) * 100
            // Nearly all is not all.
            let digits = share < 1 ? 1 : share > 99 && out > 0 ? 4 : 2
            lost =
                "−\(HTMLText.count(input - out)) <span class=\"soft\">(\(HTMLText.number(share, digits: digits))%)</span>"
        }
        let isEmptied = out == 0 && (input ?? 0) > 0
        return "<div class=\"step\(isEmptied ? " emptied" : "")\"><span class=\"name\">\(name)</span>"
            + "<span class=\"track\"><span class=\"bar\" style=\"width:\(width)%\"></span></span>"
            + "<span class=\"left\">\(HTMLText.count(out))</span><span class=\"lost\">\(lost)</span></div>"
    }

    private static func emptied(_ report: RunReport, _ t: ReportLanguage) -> String {
        guard let step = report.funnel.first(where: { $0.output == 0 && $0.input > 0 }) else { return "" }
        let name = "<b>\(HTMLText.escaped(step.name))</b>"
        return "\n<p class=\"warning\">"
            + t(
                "The step \(name) dropped all \(HTMLText.count(step.input)) candidates that reached it. "
                    + "Loosen it, or check the unit and the missing values of what it looks at.",
                "段階 \(name) が到達した \(HTMLText.count(step.input)) 件すべてを除外しました。条件を緩めるか、単位や欠損値を確認してください。") + "</p>"
    }
}
