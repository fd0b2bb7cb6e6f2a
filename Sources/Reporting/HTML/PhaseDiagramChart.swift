import MaterialsCore

/// A phase diagram of two or three elements: positions as they are drawn, lines between stable phases.
public struct ReportedPhaseDiagram: Codable, Equatable, Sendable {
    /// A composition of it.
    public struct Point: Codable, Equatable, Sendable {
        /// Formula.
        public var label: String
        /// Two elements: fraction of the second. Three: place in a triangle of side 1.
        public var x: Double
        /// Two elements: formation energy, eV/atom. Three: height in the triangle.
        public var y: Double
        /// eV/atom.
        public var formationEnergy: Double
        /// eV/atom.
        public var energyAboveHull: Double
        /// True where it is no part of the hull.
        public var isCandidate: Bool

        /// Makes a point.
        public init(label: String, x: Double, y: Double, formationEnergy: Double, energyAboveHull: Double, isCandidate: Bool) {
            (self.label, self.x, self.y) = (label, x, y)
            (self.formationEnergy, self.energyAboveHull, self.isCandidate) = (formationEnergy, energyAboveHull, isCandidate)
        }
    }

    /// Symbols.
    public var elements: [String]
    /// Elements first.
    public var points: [Point]
    /// Pairs of positions in `points`.
    public var lines: [[Int]]

    /// Makes a diagram.
    public init(elements: [String], points: [Point], lines: [[Int]]) {
        (self.elements, self.points, self.lines) = (elements, points, lines)
    }
}

/// Draws phase diagrams.
public enum PhaseDiagramChart {
    private static let (width, height) = (640.0, 560.0)
    private static let (left, right, top, bottom) = (78.0, 40.0, 30.0, 58.0)
    /// Unstable phases drawn, the nearest to the hull first.
    private static let limit = 400

    /// A file of its own.
    public static func file(_ diagram: ReportedPhaseDiagram) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg(diagram, attributes: " xmlns=\"http://www.w3.org/2000/svg\"", style: style)
            + "\n"
    }

    /// The figure inside of a page that has the report's style.
    static func figure(_ diagram: ReportedPhaseDiagram) -> String { svg(diagram, attributes: "", style: "") }

    private static let style = """
        <style>text{font:13px sans-serif;fill:#222}.tick{fill:#666}.grid{stroke:#e4e4e4}.axis{stroke:#666;fill:none}.tie{stroke:#2b5c8a;stroke-width:1.4}\
        .phase{fill:#b9c4cf}.phase.stable{fill:#2b5c8a}.phase.candidate{fill:none;stroke:#c4512d;stroke-width:2}</style>
        """

    private static func svg(_ diagram: ReportedPhaseDiagram, attributes: String, style: String) -> String {
        let label = HTMLText.escaped(diagram.elements.joined(separator: "–"))
        let places = diagram.elements.count == 2 ? binaryPlaces(diagram) : ternaryPlaces(diagram)
        let frame = diagram.elements.count == 2 ? axes(diagram) : corners(diagram, places)
        return """
            <svg class="chart"\(attributes) viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(label)">
            \(style)\(frame)
            \(lines(diagram, places))
            \(marks(diagram, places))
            \(labels(diagram, places))
            </svg>
            """
    }

    private static func scales(_ diagram: ReportedPhaseDiagram) -> (x: AxisScale, y: AxisScale)? {
        let shown = shownPoints(diagram).map { diagram.points[$0].y }
        guard let x = AxisScale(domain: 0...1, start: left, end: width - right),
            let y = AxisScale(shown + [0], start: height - bottom, end: top)
        else { return nil }
        return (x, y)
    }

    private static func binaryPlaces(_ diagram: ReportedPhaseDiagram) -> [SIMD2<Double>] {
        guard let (x, y) = scales(diagram) else { return diagram.points.map { _ in .zero } }
        return diagram.points.map { SIMD2(x.place($0.x), y.place($0.y)) }
    }

    private static func ternaryPlaces(_ diagram: ReportedPhaseDiagram) -> [SIMD2<Double>] {
        let side = width - left - right
        return diagram.points.map { SIMD2(left + $0.x * side, height - bottom - $0.y * side) }
    }

    /// Stable phases, candidates, and as many of the others as are drawn.
    private static func shownPoints(_ diagram: ReportedPhaseDiagram) -> [Int] {
        let points = diagram.points
        let unstable = points.indices.filter { !points[$0].isCandidate && points[$0].energyAboveHull > 0 }.sorted {
            (points[$0].energyAboveHull, $0) < (points[$1].energyAboveHull, $1)
        }
        return unstable.prefix(limit).reversed() + points.indices.filter { points[$0].isCandidate || points[$0].energyAboveHull <= 0 }
    }

    private static func axes(_ diagram: ReportedPhaseDiagram) -> String {
        guard let (x, y) = scales(diagram) else { return "" }
        let c = HTMLText.coordinate
        let (floor, wall) = (height - bottom, width - right)
        var out = ""
        for tick in x.ticks {
            out += "<text class=\"tick\" x=\"\(c(x.place(tick)))\" y=\"\(c(floor + 18))\" text-anchor=\"middle\">\(x.text(tick))</text>\n"
        }
        for tick in y.ticks {
            let p = c(y.place(tick))
            out += "<line class=\"grid\" x1=\"\(c(left))\" y1=\"\(p)\" x2=\"\(c(wall))\" y2=\"\(p)\"/>"
            out += "<text class=\"tick\" x=\"\(c(left - 8))\" y=\"\(c(y.place(tick) + 4))\" text-anchor=\"end\">\(y.text(tick))</text>\n"
        }
        out += "<path class=\"axis\" d=\"M\(c(left)) \(c(top))V\(c(floor))H\(c(wall))\"/>\n"
        let (middle, half) = (c((left + wall) / 2), c((top + floor) / 2))
        out += "<text class=\"axis-title\" x=\"\(middle)\" y=\"\(c(height - 12))\" text-anchor=\"middle\">"
        out += "x in \(diagram.elements[0])<tspan dy=\"4\" font-size=\"10\">1−x</tspan><tspan dy=\"-4\">\(diagram.elements[1])</tspan>"
        out += "<tspan dy=\"4\" font-size=\"10\">x</tspan></text>\n"
        out +=
            "<text class=\"axis-title\" x=\"18\" y=\"\(half)\" text-anchor=\"middle\" transform=\"rotate(-90 18 \(half))\">eV/atom</text>"
        return out
    }

    private static func corners(_ diagram: ReportedPhaseDiagram, _ places: [SIMD2<Double>]) -> String {
        let c = HTMLText.coordinate
        let outline = "M" + places.prefix(3).map { "\(c($0.x)) \(c($0.y))" }.joined(separator: "L") + "Z"
        return "<path class=\"axis\" d=\"\(outline)\"/>"
    }

    private static func lines(_ diagram: ReportedPhaseDiagram, _ places: [SIMD2<Double>]) -> String {
        let c = HTMLText.coordinate
        return diagram.lines.map { pair in
            let (a, b) = (places[pair[0]], places[pair[1]])
            return "<line class=\"tie\" x1=\"\(c(a.x))\" y1=\"\(c(a.y))\" x2=\"\(c(b.x))\" y2=\"\(c(b.y))\"/>"
        }.joined(separator: "\n")
    }

    private static func marks(_ diagram: ReportedPhaseDiagram, _ places: [SIMD2<Double>]) -> String {
        let c = HTMLText.coordinate
        return shownPoints(diagram).map { i in
            let p = diagram.points[i]
            let kind = p.isCandidate ? "phase candidate" : p.energyAboveHull <= 0 ? "phase stable" : "phase"
            let tip = HTMLText.escaped(
                "\(HTMLText.plainFormula(p.label)): \(roughNumberText(p.formationEnergy)) eV/atom, \(roughNumberText(p.energyAboveHull)) above the hull"
            )
            return
                "<circle class=\"\(kind)\" cx=\"\(c(places[i].x))\" cy=\"\(c(places[i].y))\" r=\"\(p.isCandidate ? 6 : 4.5)\"><title>\(tip)</title></circle>"
        }.joined(separator: "\n")
    }

    /// Formulas of stable phases and candidates, where they don't cover each other.
    private static func labels(_ diagram: ReportedPhaseDiagram, _ places: [SIMD2<Double>]) -> String {
        var taken: [SIMD2<Double>] = []
        var out: [String] = []
        for (i, p) in diagram.points.enumerated() where p.isCandidate || p.energyAboveHull <= 0 {
            let at = SIMD2(places[i].x, places[i].y - 9)
            let size = Double(p.label.count) * 7
            if taken.contains(where: { abs($0.x - at.x) < size && abs($0.y - at.y) < 14 }) { continue }
            taken.append(at)
            let text = HTMLText.escaped(HTMLText.plainFormula(p.label))
            out.append(
                "<text class=\"label\" x=\"\(HTMLText.coordinate(at.x))\" y=\"\(HTMLText.coordinate(at.y))\" text-anchor=\"middle\">\(text)</text>"
            )
        }
        return out.joined(separator: "\n")
    }
}
