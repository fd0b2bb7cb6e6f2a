import MaterialsCore

/// What could not be used, by reason.
enum RejectionSection {
    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let rows = report.rejections.sorted { $0.count != $1.count ? $0.count > $1.count : $0.reason < $1.reason }.map { r in
            let examples = r.examples.map { "<li><b>\(HTMLText.escaped($0.id))</b> \(HTMLText.escaped($0.detail))</li>" }.joined()
            return "<tr><td class=\"text\"><code>\(HTMLText.escaped(r.reason))</code></td><td class=\"text\">\(stage(r.stage, t))</td>"
                + "<td>\(HTMLText.count(r.count))</td><td class=\"text wide\"><ul>\(examples)</ul></td></tr>"
        }
        let head = [
            (t("reason", "理由"), true), (t("found when", "段階"), true), (t("candidates", "件数"), false), (t("for example", "例"), true),
        ]
        .map { "<th scope=\"col\"\($0.1 ? " class=\"text\"" : "")>\($0.0)</th>" }.joined()
        return ReportHTML.section(
            t("What could not be used", "使用できなかった候補"),
            note: t("Counts are exact; the candidates are listed in rejections.csv.", "件数は正確です。各候補は rejections.csv にあります。"),
            id: "rejections",
            rows.isEmpty
                ? ""
                : "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead>"
                    + "<tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table></div>"
        )
    }

    private static func stage(_ stage: RejectionStage, _ t: ReportLanguage) -> String {
        switch stage {
        case .read: t("reading", "読み込み")
        case .describe: t("describing", "記述子計算")
        case .predict: t("predicting", "予測")
        }
    }
}
