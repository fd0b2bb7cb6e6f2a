import MaterialsCore

/// How the properties are spread, before and after the filters.
enum HistogramCharts {
    private static let (width, height) = (330.0, 170.0)
    private static let (left, right, top, bottom) = (10.0, 10.0, 10.0, 26.0)

    static func html(_ report: RunReport, _ t: ReportLanguage) -> String {
        let charts = report.properties.filter { $0.classes == nil }.compactMap { p in p.histogram.flatMap { figure(p, $0, t) } }
        func key(_ kind: String, _ text: String) -> String { "<span class=\"key\"><i class=\"swatch \(kind)\"></i>\(text)</span>" }
        let note =
            key("before", t("all with a value", "値のある全候補")) + " " + key("after", t("passed all filters", "全条件を通過")) + " "
            + t("Each is scaled to its own highest bin.", "それぞれ最大の階級を基準に描画。")
        return ReportHTML.section(
            t("How the properties are spread", "物性値の分布"), note: note, id: "distributions",
            charts.isEmpty ? "" : "<div class=\"charts\">\n" + charts.joined(separator: "\n") + "\n</div>")
    }

    /// A chart; nil where the values lie too far apart to be drawn.
    private static func figure(_ p: ReportedProperty, _ h: ReportedHistogram, _ t: ReportLanguage) -> String? {
        guard let x = AxisScale(domain: h.lower...h.upper, start: left, end: width - right, tickCount: 4) else { return nil }
        let unit = p.unit.map { " <span class=\"unit\">\(HTMLText.escaped($0))</span>" } ?? ""
        let outside = h.below + h.above
        let (before, after) = (h.before.reduce(outside, +), h.after.reduce(h.afterOutside ?? 0, +))
        let counts = "\(HTMLText.count(before)) → \(HTMLText.count(after))"
        let beyond =
            outside == 0
            ? ""
            : "<span class=\"soft\"> · \(t("\(HTMLText.count(outside)) outside the axis", "軸の範囲外 \(HTMLText.count(outside)) 件"))</span>"
        return """
            <figure><figcaption><b>\(HTMLText.escaped(p.name))</b>\(unit)<br><span class="soft">\(counts)</span>\(beyond)</figcaption>
            <svg class="chart" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(HTMLText.escaped(p.name))">
            \(bars(h.before, "before", x, h))\(bars(h.after, "after", x, h))
            \(axis(x))
            </svg></figure>
            """
    }

    private static func bars(_ counts: [Int], _ kind: String, _ x: AxisScale, _ h: ReportedHistogram) -> String {
        let highest = Double(max(counts.max() ?? 1, 1))
        let room = height - top - bottom
        let binWidth = (h.upper - h.lower) / Double(counts.count)
        var out = "<g class=\"\(kind)\">"
        for (bin, count) in counts.enumerated() where count > 0 {
            let low = h.lower + Double(bin) * binWidth
            let (start, end) = (x.place(low), x.place(low + binWidth))
            let inset = kind == "after" ? (end - start) * 0.22 : 0.4
            let tall = max(Double(count) / highest * room, 1)
            let c = HTMLText.coordinate
            out += "<rect x=\"\(c(start + inset))\" y=\"\(c(height - bottom - tall))\""
            out += " width=\"\(c(end - start - 2 * inset))\" height=\"\(c(tall))\">"
            out += "<title>\(HTMLText.number(low)) … \(HTMLText.number(low + binWidth)): \(HTMLText.count(count))</title></rect>"
        }
        return out + "</g>"
    }

    private static func axis(_ x: AxisScale) -> String {
        let c = HTMLText.coordinate
        let floor = height - bottom
        let ticks = x.ticks.map { tick in
            "<text class=\"tick\" x=\"\(c(x.place(tick)))\" y=\"\(c(floor + 17))\" text-anchor=\"middle\">\(x.text(tick))</text>"
        }
        return "<path class=\"axis\" d=\"M\(c(left)) \(c(floor))H\(c(width - right))\"/>" + ticks.joined()
    }
}
