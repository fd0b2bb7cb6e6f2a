import MaterialsCore
import Stability
import Testing

@Suite struct PredictedStabilityTests {
    @Test func probabilitiesAreThoseOfTheNormalDistribution() {
        #expect(stabilityProbability(energyAboveHull: 0, spread: 0.1) == 0.5)
        // Φ(1) and Φ(−2) of tables.
        #expect(abs(stabilityProbability(energyAboveHull: -0.1, spread: 0.1) - 0.8413447460685429) < 1e-15)
        #expect(abs(stabilityProbability(energyAboveHull: 0.2, spread: 0.1) - 0.02275013194817921) < 1e-16)
        #expect(stabilityProbability(energyAboveHull: 0, spread: 0) == 1)
        #expect(stabilityProbability(energyAboveHull: 0.01, spread: 0) == 0)
        #expect(stabilityProbability(energyAboveHull: .nan, spread: 0.1).isNaN)
    }

    /// Values of `stable_metrics` of matbench-discovery 1.3.1 for these numbers; its later versions take the accuracy over all ten.
    @Test func metricsAreThoseOfMatbenchDiscovery() {
        let actual = [-0.1, 0, 0.05, 0.2, -0.02, 0.3, 0.01, -0.3, 0.4, 0.0]
        let predicted = [-0.05, 0.02, -0.01, 0.25, .nan, 0.1, 0, -0.2, 0.6, -0.1]
        let m = DiscoveryMetrics(true: actual, predicted: predicted)
        #expect([m.truePositives, m.falsePositives, m.falseNegatives, m.trueNegatives] == [3, 2, 2, 3])
        #expect((m.precision, m.recall, m.f1, m.accuracy) == (0.6, 0.6, 0.6, 0.6))
        #expect(m.prevalence == 0.5)
        #expect(m.discoveryAccelerationFactor == 1.2)
        #expect(abs(m.meanAbsoluteError - 0.08777777777777777) < 1e-15)
        #expect(abs(m.rootMeanSquareError - 0.11010096376609162) < 1e-15)
        #expect(abs(m.determination - 0.6950431703832537) < 1e-12)
        let loose = DiscoveryMetrics(true: actual, predicted: predicted, threshold: 0.05)
        #expect([loose.truePositives, loose.falsePositives, loose.falseNegatives, loose.trueNegatives] == [6, 0, 1, 3])
        #expect(abs(loose.discoveryAccelerationFactor - 1.4285714285714286) < 1e-15)
        #expect(abs(loose.f1 - 0.923076923076923) < 1e-15)
    }
}

@Suite struct PhaseDiagramFigureTests {
    @Test func aBinaryHullIsALine() throws {
        let diagram = try formationDiagram(["Li2O": -2, "LiO": -1.7, "LiO2": -0.2])
        let figure = try PhaseDiagramFigure(
            diagram, system: ChemicalSystem([3, 8]), candidates: [(try composition("LiO3"), -1.2)])
        #expect(figure.elements == ["Li", "O"])
        #expect(figure.points.map(\.label) == ["Li", "O2", "LiO2", "Li2O2", "Li2O", "LiO3"])
        #expect(figure.lines == [[0, 4], [1, 3], [3, 4]])
        #expect(abs(figure.points[2].energyAboveHullEVPerAtom - (-0.2 + 1.7 * 2 / 3)) < 1e-12)
        #expect(figure.points[5].isCandidate && figure.points[5].energyAboveHullEVPerAtom < 0)
    }

    @Test func aTernarySystemIsATriangle() throws {
        let diagram = try formationDiagram(["Li2O": -2, "Fe2O3": -1.6, "LiFeO2": -1.8])
        let figure = try PhaseDiagramFigure(diagram, system: ChemicalSystem([3, 8, 26]))
        #expect(figure.points[1].x == 1 && figure.points[2].x == 0.5)
        #expect(figure.points.allSatisfy { $0.energyAboveHullEVPerAtom == 0 })
        // Euler: six corners of triangles that fill a triangle with three border points and three inside or on the border.
        let lithia = figure.points.firstIndex { $0.label == "Li2O" }!
        let hematite = figure.points.firstIndex { $0.label == "Fe2O3" }!
        let ferrite = figure.points.firstIndex { $0.label == "LiFeO2" }!
        #expect(figure.lines.contains([lithia, ferrite].sorted()))
        #expect(figure.lines.contains([hematite, ferrite].sorted()))
        #expect(throws: MatSieveError.self) { try PhaseDiagramFigure(diagram, system: ChemicalSystem([3])) }
    }

    @Test func windowsOfABinaryAreClosedForms() throws {
        let diagram = try formationDiagram(["Li2O": -2, "Li2O2": -1.7])
        var part = PhaseSystem(diagram, system: ChemicalSystem([3, 8]))
        let found = try part.window(of: composition("Li4O2"))
        let window = try #require(found)
        // Li2O and Li: μ(Li) = 0, μ(O) = −6. Li2O and Li2O2: μ(Li) + μ(O) = −3.4, 2 μ(Li) + μ(O) = −6.
        #expect(abs(window.lower[0] + 2.6) < 1e-12 && abs(window.upper[0]) < 1e-12)
        #expect(abs(window.lower[1] + 6) < 1e-12 && abs(window.upper[1] + 0.8) < 1e-12)
        let unstable = try formationDiagram(["Li2O": -2, "LiO2": -0.1])
        var other = PhaseSystem(unstable, system: ChemicalSystem([3, 8]))
        let none = try other.window(of: composition("LiO2"))
        #expect(none == nil)
    }
}
