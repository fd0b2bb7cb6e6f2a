import MaterialsCore

/// The first two goals against each other.
enum ScatterChart {
    private static let (width, height) = (720.0, 430.0)
    private static let (left, right, top, bottom) = (78.0, 24.0, 18.0, 58.0)
    /// Dots drawn; more is ink without news.
    private static let limit = 2000

    private struct Dot {
        var row: RankedRow
        var x: Double
        var y: Double
        var isFirstFront: Bool
    }

    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        guard report.objectives.count >= 2 else { return "" }
        let dots = dots(report)
        guard dots.count >= 2 else { return "" }
        let (a, b) = (report.objectives[0], report.objectives[1])
        guard let x = AxisScale(dots.map(\.x), start: left, end: width - right, tickCount: 6),
            let y = AxisScale(dots.map(\.y), start: height - bottom, end: top)
        else { return "" }
        let hasFronts = report.ranking.extraColumns.first == "front"
        let marks = dots.reversed().map { circle($0, x, y, report, hasFronts: hasFronts) }.joined(separator: "\n")
        let label = HTMLText.escaped("\(b.property) – \(a.property)")
        let svg = """
            <svg class="chart" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(label)">
            \(axes(x, y, xTitle: title(a, report, t, arrows: ("←", "→")), yTitle: title(b, report, t, arrows: ("↓", "↑"))))
            \(marks)
            \(labels(dots, x, y))
            </svg>
            """
        return ReportHTML.section(
            t("The first two goals", "最初の 2 つの目標"), note: legend(dots, hasFronts: hasFronts, t), id: "goals",
            "<div class=\"figure\">\(svg)</div>")
    }

    private static func dots(_ report: RunReport) -> [Dot] {
        let front = report.ranking.extraColumns.firstIndex(of: "front")
        return report.ranking.rows.prefix(limit).compactMap { row in
            guard row.objectives.count >= 2, let x = row.objectives[0], let y = row.objectives[1], x.isFinite, y.isFinite else {
                return nil
            }
            return Dot(row: row, x: x, y: y, isFirstFront: front.map { row.extras[$0] == 1 } ?? (row.rank <= 10))
        }
    }

    private static func title(_ o: ReportedObjective, _ report: RunReport, _ t: ReportLanguage, arrows: (less: String, more: String))
        -> String
    {
        let unit = report.properties.first { $0.name == o.property }?.unit.map { " / \($0)" } ?? ""
        if let target = o.target {
            return HTMLText.escaped("\(o.property)\(unit)  (\(t("target", "目標値")) \(numberText(target)))")
        }
        let better = "\(o.maximize ? arrows.more : arrows.less) \(t("better", "良い"))"
        return HTMLText.escaped("\(o.property)\(unit)  (\(better))")
    }

    private static func axes(_ x: AxisScale, _ y: AxisScale, xTitle: String, yTitle: String) -> String {
        let c = HTMLText.coordinate
        let (floor, wall) = (height - bottom, width - right)
        var out = ""
        for tick in x.ticks {
            let p = c(x.place(tick))
            out += "<line class=\"grid\" x1=\"\(p)\" y1=\"\(c(top))\" x2=\"\(p)\" y2=\"\(c(floor))\"/>"
            out += "<text class=\"tick\" x=\"\(p)\" y=\"\(c(floor + 18))\" text-anchor=\"middle\">\(x.text(tick))</text>\n"
        }
        for tick in y.ticks {
            let p = c(y.place(tick))
            out += "<line class=\"grid\" x1=\"\(c(left))\" y1=\"\(p)\" x2=\"\(c(wall))\" y2=\"\(p)\"/>"
            out += "<text class=\"tick\" x=\"\(c(left - 8))\" y=\"\(c(y.place(tick) + 4))\" text-anchor=\"end\">\(y.text(tick))</text>\n"
        }
        out += "<path class=\"axis\" d=\"M\(c(left)) \(c(top))V\(c(floor))H\(c(wall))\"/>\n"
        out += "<text class=\"axis-title\" x=\"\(c((left + wall) / 2))\" y=\"\(c(height - 12))\" text-anchor=\"middle\">\(xTitle)</text>\n"
        let middle = c((top + floor) / 2)
        out +=
            "<text class=\"axis-title\" x=\"18\" y=\"\(middle)\" text-anchor=\"middle\" "
        out += "transform=\"rotate(-90 18 \(middle))\">\(yTitle)</text>"
        return out
    }

    private static func circle(_ dot: Dot, _ x: AxisScale, _ y: AxisScale, _ report: RunReport, hasFronts: Bool) -> String {
        let kind = (dot.isFirstFront ? "dot first" : "dot") + (dot.row.known.isEmpty ? "" : " is-known")
        let goals = report.objectives.prefix(2).enumerated().map {
            "\($0.element.property) \(HTMLText.number(dot.row.objectives[$0.offset]))"
        }
        let tip = HTMLText.escaped(
            "#\(dot.row.rank) \(HTMLText.plainFormula(dot.row.formula)) (\(dot.row.id)) · \(goals.joined(separator: " · "))")
        return
            "<circle class=\"\(kind)\" cx=\"\(HTMLText.coordinate(x.place(dot.x)))\" cy=\"\(HTMLText.coordinate(y.place(dot.y)))\""
            + " r=\"\(dot.isFirstFront ? 5.5 : 4.5)\"><title>\(tip)</title></circle>"
    }

    /// Formulas of the best, where they don't cover each other.
    private static func labels(_ dots: [Dot], _ x: AxisScale, _ y: AxisScale) -> String {
        var taken: [(x: ClosedRange<Double>, y: Double)] = []
        var out: [String] = []
        for dot in dots.prefix(12) {
            let size = Double(dot.row.formula.count) * 7 + 6
            let isRight = x.place(dot.x) + 9 + size < width - right
            let start = isRight ? x.place(dot.x) + 9 : x.place(dot.x) - 9 - size
            let (span, line) = (start...(start + size), y.place(dot.y) + 4)
            if taken.contains(where: { $0.x.overlaps(span) && abs($0.y - line) < 14 }) { continue }
            taken.append((span, line))
            let anchor = isRight ? "start" : "end"
            let at = isRight ? start : start + size
            out.append(
                "<text class=\"label\" x=\"\(HTMLText.coordinate(at))\" y=\"\(HTMLText.coordinate(line))\" text-anchor=\"\(anchor)\">"
                    + "\(HTMLText.escaped(HTMLText.plainFormula(dot.row.formula)))</text>"
            )
        }
        return out.joined(separator: "\n")
    }

    private static func legend(_ dots: [Dot], hasFronts: Bool, _ t: ReportLanguage) -> String {
        func key(_ kind: String, _ text: String) -> String {
            "<span class=\"key\"><svg viewBox=\"0 0 12 12\"><circle class=\"\(kind)\" cx=\"6\" cy=\"6\" r=\"4.5\"/></svg>\(text)</span>"
        }
        var keys = [
            key(
                "dot first",
                hasFronts
                    ? t("first front: nothing beats it in one goal without losing in another", "第 1 フロント：どの候補にも支配されない")
                    : t("the ten best", "上位 10 件")),
            key("dot", t("the rest of the ranking", "その他の順位")),
        ]
        if dots.contains(where: { !$0.row.known.isEmpty }) { keys.append(key("dot is-known", t("known to a model", "学習データで既知"))) }
        return keys.joined(separator: " ")
    }
}
