import Foundation
import Testing

@testable import Reporting

@Suite struct PhaseDiagramTests {
    private func point(_ label: String, _ x: Double, _ y: Double, above: Double = 0, isCandidate: Bool = false)
        -> ReportedPhaseDiagram.Point
    {
        .init(label: label, x: x, y: y, formationEnergy: y, energyAboveHull: above, isCandidate: isCandidate)
    }

    private var binary: ReportedPhaseDiagram {
        ReportedPhaseDiagram(
            elements: ["Li", "O"],
            points: [
                point("Li", 0, 0), point("O2", 1, 0), point("Li2O", 1.0 / 3, -2), point("LiO2", 2.0 / 3, -0.5, above: 0.5),
                point("LiO", 0.5, -1.8, above: -0.3, isCandidate: true),
            ], lines: [[0, 2], [1, 2]])
    }

    @Test func aFigureIsAFileOfItsOwn() {
        let text = PhaseDiagramChart.file(binary)
        #expect(text.hasPrefix("<?xml") && text.contains("xmlns=\"http://www.w3.org/2000/svg\""))
        #expect(text.components(separatedBy: "<circle").count == 6 && text.components(separatedBy: "class=\"tie\"").count == 3)
        #expect(text.contains("phase candidate") && text.contains("LiO: -1.8 eV/atom, -0.3 above the hull"))
        let triangle = ReportedPhaseDiagram(
            elements: ["Li", "O", "Fe"], points: [point("Li", 0, 0), point("O2", 1, 0), point("Fe", 0.5, 0.866)],
            lines: [[0, 1], [0, 2], [1, 2]])
        #expect(PhaseDiagramChart.file(triangle).contains("Z\"/>"))
    }

    @Test func theReportShowsDiagramsAndWindows() throws {
        var report = ReportFixture.small
        #expect(!ReportHTML.text(report).contains("id=\"stability\""))
        report.phaseDiagrams = [binary]
        report.stabilityWindows = [
            ReportedStabilityWindow(id: "a<b", formula: "LiO", elements: ["Li", "O"], lowest: [nil, -3.5], highest: [-0.25, 0])
        ]
        let html = ReportHTML.text(report)
        #expect(html.contains("id=\"stability\"") && html.contains("a&lt;b") && html.contains("−∞"))
        #expect(try ReportJSON.read(Array(try ReportJSON.text(report).utf8), path: "r.json") == report)
    }
}
