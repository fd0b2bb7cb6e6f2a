import MaterialsCore
import Reporting

/// Reports to write: a small one whose outputs are given in full, and one as a run on real data leaves it.
enum ReportFixture {
    /// Two lines, every kind of cell: missing, -0.0, quotes, markup, infinity.
    static let small = RunReport(
        version: "0.1.0", name: "a <b> & \"c\"", counts: RunReport.Counts(read: 5, rejected: 1, passed: 2, ranked: 2),
        funnel: [FunnelStep(name: "gap > 1", input: 4, output: 2)],
        objectives: [
            ReportedObjective(property: "gap", maximize: true), ReportedObjective(property: "cost", maximize: false, weight: 0.5),
        ],
        properties: [ReportedProperty(name: "gap", unit: "eV", hasSpread: true), ReportedProperty(name: "mass")],
        ranking: RunReport.Ranking(
            method: "pareto", scoreMeaning: BilingualText(en: "minus the front", ja: "フロント"), extraColumns: ["front", "crowding"],
            textColumns: ["note"],
            rows: [
                RankedRow(
                    rank: 1, id: "<script>alert(1)</script>", formula: "Cu2ZnSnS4", score: -1, values: [1.5, -0.0], spreads: [0.25, .nan],
                    objectives: [1.5, 0.1], extras: [1, .infinity], texts: ["say \"hi\", twice"], known: ["gap"]),
                RankedRow(
                    rank: 2, id: "2", formula: "SnS", score: .nan, values: [1e-7, .nan], spreads: [.nan, .nan], objectives: [1e-7, 3],
                    extras: [2, 0.1 + 0.2], texts: [""]),
            ]),
        rejections: [
            RejectionCount(
                stage: .read, reason: "bad-formula", count: 1,
                examples: [RejectionCount.Example(id: "x'>", detail: "'Xy2': column 1: no element 'Xy'")])
        ],
        plan: "name: a\n", seed: .max, timings: ReportedFacts(["total_seconds": .number(1.25), "started": .text("2026-01-02T03:04:05Z")]))

    private static let formulas = [
        "Cu2ZnSnS4", "SnS", "Sb2Se3", "CuSbS2", "Zn3P2", "Cu2SnS3", "FeSi2", "Sb2S3", "Bi2S3", "Cu3BiS3", "Cu2ZnGeSe4", "ZnSnP2", "CaZrSe3",
        "BaZrS3", "Na2S2",
        "SrHfSe3", "CuFeS2", "Cu2FeSnS4", "Mg2Si", "ZnSiP2", "Ag8SnS6", "NaBiS2", "K2CsSb", "Ba0.5Sr0.5TiO3", "Ca3(PN2)2", "La2O2Fe2OSe2",
        "AgBiS2", "Ag2ZnSnSe4",
        "Cu2O", "WSe2", "MoS2", "GeSe", "SnSe", "In2S3", "CuInS2", "CuGaSe2", "GaAs", "InP", "MgSnN2", "ZnSnN2",
    ]

    /// The shape of a search for lead-free absorbers among 85,014 compositions.
    static func realistic(dataClass: DataClass = .open, funnel: [FunnelStep]? = nil, isEmpty: Bool = false) -> RunReport {
        let steps = [
            FunnelStep(name: "no As, Cd, Hg, Tl, Pb", input: 84_883, output: 70_242),
            FunnelStep(name: "2 to 4 elements", input: 70_242, output: 63_508),
            FunnelStep(name: "gap > 1.1 and gap < 1.7", input: 63_508, output: 3_911),
            FunnelStep(name: "energy_above_hull < 0.05", input: 3_899, output: 1_204),
        ]
        return RunReport(
            version: "0.1.0", name: "Lead-free absorbers", dataClass: dataClass,
            counts: RunReport.Counts(read: 85_014, rejected: 143, passed: isEmpty ? 0 : 1_204, ranked: isEmpty ? 0 : formulas.count),
            funnel: funnel ?? steps,
            objectives: [
                ReportedObjective(property: "energy_above_hull", maximize: false),
                ReportedObjective(property: "supply_risk", maximize: false),
            ],
            properties: properties(),
            ranking: RunReport.Ranking(
                method: "pareto", extraColumns: ["front", "crowding"], textColumns: ["space_group"], rows: isEmpty ? [] : rows()),
            models: [card], rejections: rejections, inputs: inputs(dataClass), plan: plan, seed: 7,
            warnings: [
                BilingualText("23 ranked compositions hold an element that the model of 'gap' has never seen; their gaps are guesses.")
            ],
            environment: ReportedFacts([
                "cpu": .text("Intel Xeon, 2 cores, AVX-512"), "threads": .number(2), "peak_memory_mib": .number(412),
                "blas_kernels": .text("SkylakeX"), "hdf5": .text("1.10.8"),
            ]),
            timings: ReportedFacts([
                "training_seconds": .number(12.61), "screening_seconds": .number(0.27), "total_seconds": .number(14.2),
                "started": .text("2026-01-02T03:04:05Z"),
            ]))
    }

    private static func rows() -> [RankedRow] {
        var random = SplitMix64(seed: 5)
        let points = formulas.map { formula in
            (
                formula: formula, hull: random.nextUnit() * random.nextUnit() * 0.05, risk: 1.2 + random.nextUnit() * 3.5,
                gap: 1.1 + random.nextUnit() * 0.6, std: 0.15 + 0.3 * random.nextUnit()
            )
        }
        func front(_ p: (formula: String, hull: Double, risk: Double, gap: Double, std: Double)) -> Double {
            Double(1 + points.filter { $0.hull <= p.hull && $0.risk <= p.risk && ($0.hull, $0.risk) != (p.hull, p.risk) }.count)
        }
        let ordered = points.sorted { (front($0), $0.hull) < (front($1), $1.hull) }
        return ordered.enumerated().map { i, p in
            RankedRow(
                rank: i + 1, id: "mp-\(10_000 + random.nextInt(below: 90_000))", formula: p.formula, score: -front(p),
                values: [p.gap, i == 7 ? .nan : -0.4 - p.risk / 3, p.hull, p.risk], spreads: [p.std, i == 7 ? .nan : 0.08, .nan, .nan],
                objectives: [p.hull, p.risk],
                extras: [front(p), i < 2 ? .infinity : p.std], texts: [["Pnma", "I-42d", "Fm-3m", "P-1"][i % 4]],
                known: ["SnSe", "Sb2S3", "GaAs"].contains(p.formula) ? ["gap"] : [])
        }
    }

    private static func properties() -> [ReportedProperty] {
        func bell(_ center: Double, _ width: Double, _ scale: Double, window: ClosedRange<Int>, share: Double) -> ReportedHistogram {
            let before = (0..<40).map { b in Int(scale / (1 + ((Double(b) - center) / width) * ((Double(b) - center) / width))) }
            let after = before.enumerated().map { window.contains($0.offset) ? Int(Double($0.element) * share) : 0 }
            return ReportedHistogram(lower: 0, upper: 8, before: before, after: after, below: 12, above: 91)
        }
        let gap = bell(2, 4, 9_000, window: 6...8, share: 0.3)
        var energy = bell(24, 6, 6_000, window: 10...35, share: 0.02)
        energy = ReportedHistogram(lower: -4.5, upper: 1, before: energy.before, after: energy.after)
        var hull = bell(0, 3, 16_000, window: 0...3, share: 0.05)
        hull = ReportedHistogram(lower: 0, upper: 0.5, before: hull.before, after: hull.after, above: 640)
        return [
            ReportedProperty(name: "gap", unit: "eV", hasSpread: true, histogram: gap),
            ReportedProperty(name: "formation_energy", unit: "eV/atom", hasSpread: true, histogram: energy),
            ReportedProperty(name: "energy_above_hull", unit: "eV/atom", histogram: hull), ReportedProperty(name: "supply_risk"),
        ]
    }

    private static let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

    static let card: ModelCard = {
        var card = plainCard
        card.calibration = .init(
            rows: 4_604,
            coverage: [
                .init(nominal: 0.5, observed: 0.497, factor: 0.61), .init(nominal: 0.8, observed: 0.802, factor: 1.2),
                .init(nominal: 0.9, observed: 0.899, factor: 1.7), .init(nominal: 0.95, observed: 0.951, factor: 2.2),
            ], miscalibrationArea: 0.021, sharpness: 0.71,
            errorBySpread: (0..<10).map(spreadBin))
        card.learningCurve = [368, 737, 1_473, 2_578, 3_683].map { (rows: Int) -> ModelCard.LearningPoint in
            ModelCard.LearningPoint(rows: rows, metrics: ["mae": 12 / Double(rows).squareRoot()])
        }
        for i in 0..<20 {
            let share = 0.1 / Double(i + 1)
            card.importance.append(.init(feature: "MagpieData feature <\(i)>", permutation: share, shap: 2 * share))
            let predicted = Double(i) / 10
            card.worstErrors.append(.init(id: "row \(i)", formula: "Fe2O3", observed: 5, predicted: predicted, spread: i == 3 ? nil : 0.7))
        }
        card.holdsTrainingRows = true
        return card
    }()

    private static func spreadBin(_ i: Int) -> ModelCard.CalibrationSummary.SpreadBin {
        let x = 0.1 * Double(i)
        return ModelCard.CalibrationSummary.SpreadBin(rows: 460, spread: 0.1 + 1.5 * x, observed: 0.12 + 1.4 * x, mae: 0.08 + x)
    }

    private static let plainCard = ModelCard(
        property: "gap", model: "boosted-trees", target: "gap expt", unit: "eV", descriptors: ["magpie", "oxidation-states"],
        featureCount: 145, rows: 4_604,
        rejectedRows: 2, data: ModelCard.TrainingSource(path: "Datasets/matbench/expt_gap.csv", sha256: hash, license: "MIT"),
        settings: ["trees": "400", "learning_rate": "0.05", "leaves": "31"],
        validation: ModelCard.Validation(
            scheme: "k-fold", folds: 5,
            metrics: [
                "mae": ModelCard.Metric(mean: 0.3712, std: 0.0124, perFold: [0.36, 0.37, 0.38, 0.37, 0.376]),
                "rmse": ModelCard.Metric(mean: 0.7534, std: 0.041),
                "r2": ModelCard.Metric(mean: 0.7421, std: 0.021),
            ]), baseline: ["mae": 1.1435, "rmse": 1.5127, "r2": -0.0008], elements: Array(Element.symbols[1...83]),
        knownCompositions: 4_381, seed: 7, version: "0.1.0",
        warnings: ["2,450 of the 4,604 training rows are metals with a gap of exactly 0; the error for semiconductors is larger."])

    private static let rejections = [
        RejectionCount(
            stage: .read, reason: "bad-formula", count: 131,
            examples: [
                RejectionCount.Example(id: "row 812", detail: "'Fe2O3(': column 6: '(' is never closed"),
                RejectionCount.Example(id: "row 1044", detail: "'Xy2O': column 1: no element 'Xy'"),
            ]),
        RejectionCount(
            stage: .describe, reason: "no-element-value", count: 12,
            examples: [RejectionCount.Example(id: "mp-977", detail: "Og has no value of CovalentRadius")]),
    ]

    private static func inputs(_ dataClass: DataClass) -> [ReportedInput] {
        [
            ReportedInput(
                role: "candidates", path: "Datasets/mp_stability/formation_energy.csv", sha256: hash, dataClass: dataClass,
                license: "CC-BY-4.0", source: "Materials Project, 2020"),
            ReportedInput(
                role: "training of gap", path: "Datasets/matbench/expt_gap.csv", sha256: hash, license: "MIT",
                source: "Matbench v0.1 (Zhuo et al. 2018)"),
        ]
    }

    private static let plan = """
        name: Lead-free absorbers
        candidates:
          - file: formation_energy.csv
        properties:
          gap: {train: {file: expt_gap.csv, target: gap expt, descriptors: [magpie], model: boosted-trees}}
        filters:
          - {name: no toxic elements, exclude_elements: [Pb, Cd, Hg, Tl, As]}
          - gap > 1.1 and gap < 1.7
        objectives:
          - {minimize: energy_above_hull}
          - {minimize: supply_risk}
        ranking: {method: pareto, keep: 100}

        """
}
