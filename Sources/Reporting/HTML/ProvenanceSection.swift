import MaterialsCore

/// What another person needs to repeat the run.
enum ProvenanceSection {
    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let facts = facts(t("Environment", "実行環境"), [("matsieve", report.version), ("seed", "\(report.seed)")] + report.environment.lines)
        return ReportHTML.section(
            t("How to repeat it", "再現のための情報"), id: "provenance",
            inputs(report, t) + "\n<div class=\"columns\">\(facts)\(self.facts(t("Timings", "所要時間"), report.timings.lines))</div>\n"
                + "<h3>\(t("Plan", "計画"))</h3>\n<pre>\(HTMLText.escaped(report.plan))</pre>")
    }

    private static func inputs(_ report: RunReport, _ t: ReportLanguage) -> String {
        if report.inputs.isEmpty { return "" }
        let rows = report.inputs.map { i in
            let file = "\(HTMLText.escaped(i.path))<br><code class=\"hash\">\(HTMLText.escaped(i.sha256))</code>"
            let rights = HTMLText.escaped([i.license, i.source].compactMap(\.self).joined(separator: " · "))
            return "<tr><td class=\"text\">\(HTMLText.escaped(i.role))</td><td class=\"text\">\(file)</td>"
                + "<td class=\"text\"><span class=\"tag\">\(i.dataClass.rawValue)</span></td><td class=\"text wide\">\(rights)</td></tr>"
        }
        let head = [t("role", "役割"), t("file and SHA-256", "ファイルと SHA-256"), t("class", "区分"), t("licence and origin", "ライセンス・出典")]
            .map { "<th scope=\"col\" class=\"text\">\($0)</th>" }.joined()
        return
            "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table></div>"
    }

    private static func facts(_ title: String, _ lines: [(name: String, text: String)]) -> String {
        if lines.isEmpty { return "" }
        let items = lines.map { "<dt>\(HTMLText.escaped($0.name.replacing("_", with: " ")))</dt><dd>\(HTMLText.escaped($0.text))</dd>" }
        return "<div><h3>\(title)</h3><dl>\(items.joined())</dl></div>"
    }
}
