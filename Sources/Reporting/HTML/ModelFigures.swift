import MaterialsCore

/// Small charts of a card: predicted against observed certainty, the learning curve, the features that matter most.
enum ModelFigures {
    private static let (width, height) = (330.0, 220.0)
    private static let (left, right, top, bottom) = (52.0, 14.0, 12.0, 44.0)
    /// Features drawn; the card lists all that are known.
    private static let barCount = 10

    static func html(_ card: ModelCard, _ t: ReportLanguage) -> String {
        let figures = [calibration(card, t), learningCurve(card, t), importance(card, t)].compactMap(\.self)
        return figures.isEmpty ? "" : "<div class=\"charts\">\n" + figures.joined(separator: "\n") + "\n</div>"
    }

    // MARK: Calibration

    /// Error by the standard deviation that was told for it, or observed share by probability; on the line they agree.
    private static func calibration(_ card: ModelCard, _ t: ReportLanguage) -> String? {
        guard let c = card.calibration else { return nil }
        let bins = c.errorBySpread.filter { $0.spread.isFinite && $0.observed.isFinite }
        let isNumber = card.task == .regression
        let all = bins.flatMap { [$0.spread, $0.observed] }
        guard let high = all.max(), high > 0, bins.count > 1 else { return nil }
        let domain = isNumber ? 0...(high * 1.08) : 0...1
        guard let x = AxisScale(domain: domain, start: left, end: width - right, tickCount: 4),
            let y = AxisScale(domain: domain, start: height - bottom, end: top, tickCount: 4)
        else { return nil }
        let unit = card.unit.map { " / \($0)" } ?? ""
        let titles =
            isNumber
            ? (t("predicted σ", "予測標準偏差 σ") + unit, t("root mean square error", "二乗平均平方根誤差") + unit)
            : (t("predicted probability", "予測確率"), t("observed share", "実際の割合"))
        let dots = bins.map { b in
            let tip =
                "σ \(HTMLText.number(b.spread, digits: 3)) · \(HTMLText.number(b.observed, digits: 3)) · \(HTMLText.count(b.rows)) \(t("rows", "行"))"
            return
                "<circle class=\"dot first\" cx=\"\(at(x.place(b.spread)))\" cy=\"\(at(y.place(b.observed)))\" r=\"4.5\"><title>\(isNumber ? tip : String(tip.dropFirst(2)))</title></circle>"
        }
        let line =
            "<path class=\"ideal\" d=\"M\(at(x.place(domain.lowerBound))) \(at(y.place(domain.lowerBound)))L\(at(x.place(domain.upperBound))) \(at(y.place(domain.upperBound)))\"/>"
        let note =
            t("Miscalibration area", "較正誤差面積")
            + " \(HTMLText.number(c.miscalibrationArea, digits: 2)) · \(HTMLText.count(c.rows)) \(t("rows", "行"))"
        return figure(
            t("Does it know its error?", "誤差推定の妥当性"), note,
            axes(x, y, HTMLText.escaped(titles.0), HTMLText.escaped(titles.1)) + line + dots.joined(),
            label: t("calibration", "較正"))
    }

    // MARK: Learning curve

    private static func learningCurve(_ card: ModelCard, _ t: ReportLanguage) -> String? {
        let metric = card.task == .regression ? "mae" : "log_loss"
        let points = card.learningCurve.compactMap { p in p.metrics[metric].map { (rows: Double(p.rows), error: $0) } }
            .filter { $0.error.isFinite }
        guard points.count > 1, let most = points.map(\.rows).max(), let high = points.map(\.error).max(), high > 0,
            let x = AxisScale(domain: 0...(most * 1.05), start: left, end: width - right, tickCount: 4),
            let y = AxisScale(domain: 0...(high * 1.1), start: height - bottom, end: top, tickCount: 4)
        else { return nil }
        let places = points.map { "\(at(x.place($0.rows))) \(at(y.place($0.error)))" }
        let dots = points.map { p in
            "<circle class=\"dot first\" cx=\"\(at(x.place(p.rows)))\" cy=\"\(at(y.place(p.error)))\" r=\"4\"><title>\(HTMLText.count(Int(p.rows))): \(HTMLText.number(p.error, digits: 3))</title></circle>"
        }
        let name = card.task == .regression ? "MAE" + (card.unit.map { " / \($0)" } ?? "") : t("log loss", "対数損失")
        return figure(
            t("Learning curve", "学習曲線"), t("the same held-out rows throughout", "検証データは共通"),
            axes(x, y, t("rows learned from", "学習に使った行数"), HTMLText.escaped(name))
                + "<path class=\"curve\" d=\"M\(places.joined(separator: "L"))\"/>"
                + dots.joined(), label: t("learning curve", "学習曲線"))
    }

    // MARK: Importance

    private static func importance(_ card: ModelCard, _ t: ReportLanguage) -> String? {
        let shown = card.importance.prefix(barCount).filter { $0.permutation > 0 }
        guard let most = shown.first?.permutation, most.isFinite else { return nil }
        let row = (height - 16) / Double(barCount)
        let bars = shown.enumerated().map { i, f in
            let y = 6 + Double(i) * row
            let shap = f.shap.map { " · |SHAP| \(HTMLText.number($0, digits: 3))" } ?? ""
            let tip = HTMLText.escaped(f.feature) + ": \(HTMLText.number(f.permutation, digits: 3))\(shap)"
            return
                "<g class=\"after\"><rect x=\"8\" y=\"\(at(y + 13))\" width=\"\(at(f.permutation / most * (width - 16)))\" height=\"5\"><title>\(tip)</title></rect></g>"
                + "<text class=\"tick\" x=\"8\" y=\"\(at(y + 10))\">\(HTMLText.escaped(shortened(f.feature)))</text>"
        }
        let note =
            card.task == .regression
            ? t("growth of the MAE when a feature is shuffled; the longest bar is", "特徴量を入れ替えたときの MAE の増加；最長の棒は")
            : t("growth of the log loss when a feature is shuffled; the longest bar is", "特徴量を入れ替えたときの対数損失の増加；最長の棒は")
        return figure(
            t("Features that matter most", "重要な特徴量"), note + " \(HTMLText.number(most, digits: 2))", bars.joined(separator: "\n"),
            label: t("importance of features", "特徴量の重要度"))
    }

    private static func shortened(_ name: String) -> String { name.count > 44 ? String(name.prefix(43)) + "…" : name }

    // MARK: Parts

    private static func at(_ value: Double) -> String { HTMLText.coordinate(value) }

    private static func figure(_ title: String, _ note: String, _ body: String, label: String) -> String {
        """
        <figure><figcaption><b>\(title)</b><br><span class="soft">\(note)</span></figcaption>
        <svg class="chart" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(label)">
        \(body)
        </svg></figure>
        """
    }

    private static func axes(_ x: AxisScale, _ y: AxisScale, _ xTitle: String, _ yTitle: String) -> String {
        let (floor, wall) = (height - bottom, width - right)
        var out = ""
        for tick in x.ticks {
            out += "<text class=\"tick\" x=\"\(at(x.place(tick)))\" y=\"\(at(floor + 15))\" text-anchor=\"middle\">\(x.text(tick))</text>"
        }
        for tick in y.ticks {
            out += "<line class=\"grid\" x1=\"\(at(left))\" y1=\"\(at(y.place(tick)))\" x2=\"\(at(wall))\" y2=\"\(at(y.place(tick)))\"/>"
            out += "<text class=\"tick\" x=\"\(at(left - 6))\" y=\"\(at(y.place(tick) + 4))\" text-anchor=\"end\">\(y.text(tick))</text>"
        }
        let middle = at((top + floor) / 2)
        return out + "<path class=\"axis\" d=\"M\(at(left)) \(at(top))V\(at(floor))H\(at(wall))\"/>"
            + "<text class=\"tick\" x=\"\(at((left + wall) / 2))\" y=\"\(at(height - 8))\" text-anchor=\"middle\">\(xTitle)</text>"
            + "<text class=\"tick\" x=\"12\" y=\"\(middle)\" text-anchor=\"middle\" transform=\"rotate(-90 12 \(middle))\">\(yTitle)</text>"
    }
}
