import Foundation
import MaterialsCore
import Testing

@testable import Reporting

/// Walks through markup; returns what is wrong with it, or nil.
private func imbalance(_ html: String) -> String? {
    let void: Set<String> = ["meta", "br", "!doctype", "circle/", "line/", "path/", "rect/"]
    var open: [String] = []
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
        guard let end = rest[start...].firstIndex(of: ">") else { return "a tag is never closed" }
        let tag = rest[rest.index(after: start)..<end]
        rest = rest[rest.index(after: end)...]
        if tag.contains("<") { return "'<' inside the tag \(tag)" }
        var name = tag.split(separator: " ").first?.lowercased() ?? ""
        if tag.hasSuffix("/") || void.contains(name) { continue }
        if name.hasPrefix("/") {
            name.removeFirst()
            guard open.popLast() == name else { return "</\(name)> does not fit" }
            continue
        }
        open.append(name)
        if name == "script" || name == "style" {
            guard let close = rest.range(of: "</\(name)>") else { return "\(name) is never closed" }
            rest = rest[close.lowerBound...]
        }
    }
    return open.isEmpty ? nil : "open at the end: \(open)"
}

private let tiny = Double.leastNonzeroMagnitude

@Suite struct HTMLTests {
    @Test(arguments: ReportLanguage.allCases)
    func isWellFormedAndSelfContained(_ language: ReportLanguage) {
        let empty = [FunnelStep(name: "gap > 9 & <x>", input: 84_871, output: 0)]
        for report in [
            ReportFixture.small, ReportFixture.realistic(dataClass: .closed), ReportFixture.realistic(funnel: empty, isEmpty: true),
        ] {
            let html = ReportHTML.text(report, language: language)
            #expect(imbalance(html) == nil)
            for outside in ["http:", "https:", "src=", "@import", "url("] {
                #expect(!html.contains(outside), "reaches outside by \(outside)")
            }
            #expect(html.contains("<html lang=\"\(language.rawValue)\">"))
        }
    }

    @Test func checkOfBalanceCanFail() {
        #expect(imbalance("<p><b>x</p></b>") != nil && imbalance("<p>") != nil && imbalance("<p><br>x</p>") == nil)
    }

    @Test func hostileTextIsEscaped() {
        let html = ReportHTML.text(ReportFixture.small)
        #expect(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("<h1>a &lt;b&gt; &amp; &quot;c&quot;</h1>") && !html.contains("x'>"))
        var report = ReportFixture.realistic()
        let bad = "\"><img onerror=x>\u{1}"
        (report.version, report.plan, report.warnings, report.warningsJa) = (bad, bad, [bad], [bad])
        (report.objectives[0].property, report.properties[0].name, report.properties[0].unit, report.funnel[0].name) = (bad, bad, bad, bad)
        (report.ranking.method, report.ranking.extraColumns[1], report.ranking.textColumns) = (bad, bad, [bad])
        report.ranking.rows[0] = RankedRow(
            rank: 1, id: bad, formula: bad, score: 1, values: [1, 1, 1, 1], objectives: [1, 1], extras: [1, 1], texts: [bad], known: [bad])
        report.models[0].warnings = [bad]
        (report.models[0].property, report.models[0].model, report.models[0].target, report.models[0].unit) = (bad, bad, bad, bad)
        (report.models[0].elements, report.models[0].descriptors, report.models[0].settings) = ([bad], [bad], [bad: bad])
        (report.models[0].data.path, report.models[0].data.sha256, report.models[0].data.license) = (bad, bad, bad)
        report.models[0].validation = ModelCard.Validation(scheme: bad, folds: 2, metrics: [bad: ModelCard.Metric(mean: 1)])
        report.rejections = [RejectionCount(stage: .read, reason: bad, count: 1, examples: [RejectionCount.Example(id: bad, detail: bad)])]
        report.inputs = [ReportedInput(role: bad, path: bad, sha256: bad, license: bad, source: bad)]
        report.environment = ReportedFacts([bad: .text(bad)])
        report.timings = ReportedFacts([bad: .text(bad)])
        let hostile = ReportHTML.text(report)
        #expect(!hostile.contains("<img") && !hostile.contains("\u{1}") && imbalance(hostile) == nil)
    }

    @Test func scoresShowWhereTheyTell() {
        var report = ReportFixture.realistic()
        #expect(!ReportHTML.text(report).contains("<dt>score</dt>"))
        (report.ranking.method, report.ranking.extraColumns) = ("weighted-sum", [])
        for i in report.ranking.rows.indices { (report.ranking.rows[i].extras, report.ranking.rows[i].score) = ([], 0.75) }
        #expect(ReportHTML.text(report).contains("<dt>score</dt><dd>0.7500</dd>") && imbalance(ReportHTML.text(report)) == nil)
    }

    @Test func longRankingsAreCutWithAWord() {
        var report = ReportFixture.realistic()
        let row = report.ranking.rows[0]
        report.ranking.rows = [RankedRow](repeating: row, count: 1200)
        let html = ReportHTML.text(report)
        #expect(html.contains("The first 1,000 of 1,200 lines.") && html.components(separatedBy: "<tr><td data-v").count == 1001)
    }

    @Test func bannersNameTheClass() {
        #expect(ReportHTML.text(ReportFixture.realistic(dataClass: .closed)).contains("CLOSED DATA"))
        #expect(ReportHTML.text(ReportFixture.realistic(dataClass: .shared), language: .ja).contains("共有データ"))
        #expect(!ReportHTML.text(ReportFixture.realistic()).contains("<div class=\"banner"))
    }

    @Test func emptiedStepIsNamed() {
        let steps = [
            FunnelStep(name: "no Pb", input: 9, output: 3), FunnelStep(name: "gap > 9", input: 3, output: 0),
            FunnelStep(name: "risk < 1", input: 0, output: 0),
        ]
        let html = ReportHTML.text(ReportFixture.realistic(funnel: steps, isEmpty: true))
        #expect(html.contains("The step <b>gap &gt; 9</b> dropped all 3 candidates") && html.contains("No candidate is left to rank."))
        #expect(html.components(separatedBy: "step emptied").count == 2)
    }

    @Test(arguments: [
        ("Cu2ZnSnS4", "Cu<sub>2</sub>ZnSnS<sub>4</sub>"), ("Ba0.5Sr0.5TiO3", "Ba<sub>0.5</sub>Sr<sub>0.5</sub>TiO<sub>3</sub>"),
        ("Ca3(PN2)2", "Ca<sub>3</sub>(PN<sub>2</sub>)<sub>2</sub>"), ("CuSO4·5H2O", "CuSO<sub>4</sub>·5H<sub>2</sub>O"),
        ("<i>2", "&lt;i&gt;2"), ("", ""),
    ]) func formulas(_ text: String, _ expected: String) {
        #expect(HTMLText.formula(text) == expected)
        #expect(HTMLText.plainFormula("Ba0.5(PN2)2·5H2O") == "Ba₀.₅(PN₂)₂·5H₂O")
    }

    @Test func numbersForPeople() {
        #expect(HTMLText.number(1.23456) == "1.235" && HTMLText.number(123_456.7) == "123457" && HTMLText.number(0.00123456) == "0.001235")
        #expect(
            HTMLText.number(1.5e-7) == "1.500 × 10<sup>−7</sup>" && HTMLText.number(-0.5) == "−0.5000"
                && HTMLText.number(2.5e9) == "2.500 × 10<sup>9</sup>")
        #expect(
            HTMLText.number(nil) == "–" && HTMLText.number(.nan) == "–" && HTMLText.number(-.infinity) == "−∞"
                && HTMLText.number(-0.0) == "0")
        #expect(HTMLText.number(1.41421, spread: 0.2678) == "1.41 ± 0.27" && HTMLText.number(1.41421, spread: 0.0999) == "1.41 ± 0.10")
        #expect(
            HTMLText.number(-0.001, spread: 0.5) == "0.00 ± 0.50" && HTMLText.number(1.5, spread: .nan) == "1.500"
                && HTMLText.number(1.5, spread: 0) == "1.500")
        #expect(HTMLText.number(12_345, spread: 678) == "12345 ± 678" && HTMLText.number(3, spread: 12) == "3 ± 12")
        #expect(
            HTMLText.count(0) == "0" && HTMLText.count(999) == "999" && HTMLText.count(85_014) == "85,014"
                && HTMLText.count(-1_234_567) == "−1,234,567")
    }

    @Test func axisTicksAreRound() throws {
        let scale = try #require(AxisScale(domain: 0...0.05, start: 0, end: 100))
        #expect(scale.ticks.map(scale.text) == ["0", "0.01", "0.02", "0.03", "0.04", "0.05"])
        #expect(scale.place(0.025) == 50)
        #expect(AxisScale(domain: -1500...1500, start: 0, end: 1)?.ticks.map(scale.text) == ["−1000", "0", "1000"])
        for values: [Double] in [[2, 2], [], [0, tiny], [1e308, 1e308], [1e308, 1.1e308], [1e300, 1e300.nextUp]] {
            let drawn = try #require(AxisScale(values, start: 0, end: 1), "\(values)")
            #expect(drawn.ticks.allSatisfy(drawn.domain.contains) && values.allSatisfy { (0...1).contains(drawn.place($0)) }, "\(values)")
        }
        for values in [[-1e308, 1e308], [1.79e308, 1.79e308]] { #expect(AxisScale(values, start: 0, end: 1) == nil, "\(values)") }
        for domain in [-1e308...1e308, 0...tiny] { #expect(AxisScale(domain: domain, start: 0, end: 1) == nil, "\(domain)") }
    }

    /// The values of a ranking and the ends of a histogram as far apart, or as near, as numbers get.
    @Test(
        arguments: [
            [1e308, -1e308, tiny], [tiny, 0], [1e308, 1e308], [-1e308, -1e308, -1e308], [7], [.infinity, -.infinity], [],
        ] as [[Double]])
    func extremeValuesAreReported(_ values: [Double]) {
        var report = ReportFixture.realistic(isEmpty: values.isEmpty)
        report.ranking.rows = values.enumerated().map { i, v in
            RankedRow(
                rank: i + 1, id: "\(i)", formula: "Si", score: v, values: [v, v, v, v], spreads: [v.magnitude, tiny, 1e308, .nan],
                objectives: [v, -v], extras: [1, v], texts: [""])
        }
        for (lower, upper) in [(-1e308, 1e308), (0, tiny), (1e308, 1.5e308), (-tiny, 1e308)] {
            report.properties[0].histogram = ReportedHistogram(lower: lower, upper: upper, before: [3, 0, 1], after: [1, 0, 0])
            let html = ReportHTML.text(report)
            #expect(imbalance(html) == nil && !html.contains("=\"nan") && !html.contains("=\"inf"))
        }
    }

    /// Writes the reports for a look in a browser; only where asked.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MATSIEVE_REPORT_SAMPLES"] != nil))
    func samples() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["MATSIEVE_REPORT_SAMPLES"])
        let empty = [FunnelStep(name: "no Pb", input: 84_871, output: 312), FunnelStep(name: "gap > 9", input: 312, output: 0)]
        try ReportHTML.text(ReportFixture.realistic()).write(toFile: folder + "/open-en.html", atomically: true, encoding: .utf8)
        try ReportHTML.text(ReportFixture.realistic(dataClass: .closed), language: .ja).write(
            toFile: folder + "/closed-ja.html", atomically: true, encoding: .utf8)
        try ReportHTML.text(ReportFixture.realistic(funnel: empty, isEmpty: true)).write(
            toFile: folder + "/empty-en.html", atomically: true, encoding: .utf8)
    }
}
