import Foundation
import LinearAlgebra
import MaterialsCore
import Reporting
import Selection
import Storage

/// The one finish of a run: ranks what the fold holds, in index order, and writes the run folder.
///
/// A run in one piece, a resumed one and a merged one come here with equal states, so they leave equal bytes.
struct RunFinish {
    /// What is known of the running itself; never part of the results.
    struct Timings {
        var screeningSeconds: Double?
        /// Of the models that this run trained.
        var trainingSeconds: Double?
        var candidatesPerSecond: Double?
        var threads: Int?
    }

    let state: RunState
    let timings: Timings

    /// Name, in and out of each step.
    static func funnel(_ state: RunState) -> [(name: String, in: UInt64, out: UInt64)] {
        zip(state.description.stepNames, state.summary.steps).map { ($0, $1.entered, $1.passed) }
    }

    /// Writes every file of the contract, the manifest last.
    /// - Returns: the report that was written
    func write(to folder: String) throws -> RunReport {
        let d = state.description
        let plan = try ScreeningPlan(text: d.planText, path: d.planPath, overrides: d.overrides)
        let ranked = try plan.ranking.finish(state.ranking, properties: d.properties.map(\.name))
        let report = report(plan, ranked)
        var outputs: [ReportedInput] = []
        func write(_ name: String, _ text: String) throws {
            try AtomicFile.write(Array(text.utf8), to: folder + "/" + name)
            outputs.append(ReportedInput(role: "result", path: name, sha256: SHA256.hash(Array(text.utf8)), dataClass: d.dataClass))
        }
        try write("ranking.csv", RankingCSV.text(report))
        try write("rejections.csv", RejectionsCSV.text(state.summary.rejections))
        try write("report.json", try ReportJSON.text(report))
        try write("report.html", ReportHTML.text(report))
        try writeResults(report, to: folder + "/results.h5")
        outputs.append(
            ReportedInput(role: "result", path: "results.h5", sha256: try fileHash(folder + "/results.h5"), dataClass: d.dataClass))
        if ShortList.isWritten(ranked) {
            let path = folder + "/" + CandidateExport.shortListName
            try ShortList(report: report, ranked: ranked).write(to: path)
            outputs.append(
                ReportedInput(role: "result", path: CandidateExport.shortListName, sha256: try fileHash(path), dataClass: d.dataClass))
        }
        let manifest = RunManifest(
            version: d.version, name: plan.name, command: CommandLine.arguments, dataClass: d.dataClass, plan: d.displayPlan,
            planSHA256: SHA256.hash(Array(d.planText.utf8)), seed: d.seed, inputs: report.inputs, outputs: outputs,
            environment: report.environment, timings: report.timings)
        try AtomicFile.write(Array(try ManifestJSON.text(manifest).utf8), to: folder + "/manifest.json")
        return report
    }

    // MARK: Report

    private func report(_ plan: ScreeningPlan, _ ranked: [RankedCandidate]) -> RunReport {
        let d = state.description
        let s = state.summary
        let known = d.properties.firstIndex { $0.name == knownPropertyName }
        let predicted = d.models.map(\.property)
        let flags = predicted.map { name in d.properties.firstIndex { $0.name == knownName(name) } }
        let rows = ranked.enumerated().map { i, r in
            let knownTo = zip(predicted, flags).filter { ($1 ?? known).map { r.candidate.values[$0] == 1 } ?? false }.map(\.0)
            return RankedRow(rank: i + 1, r, formula: r.candidate.composition.reducedFormula, known: knownTo)
        }
        let hull = HullReport(plan, d, ranked)
        var report = RunReport(
            version: d.version, name: plan.name, dataClass: d.dataClass,
            counts: .init(read: Int(s.read), rejected: Int(s.rejected), passed: Int(s.survivors), ranked: ranked.count),
            funnel: Self.funnel(state).map { FunnelStep(name: $0.name, input: Int($0.in), output: Int($0.out)) },
            objectives: plan.objectives.map(ReportedObjective.init), properties: properties(),
            ranking: .init(
                method: plan.ranking.name, scoreMeaning: plan.ranking.scoreMeaning, extraColumns: plan.ranking.extraColumns,
                textColumns: d.textColumns, rows: rows),
            models: d.models.map(\.card), rejections: rejections(), inputs: inputs(), plan: d.displayPlan, seed: d.seed,
            warnings: warnings(plan, ranked: ranked.count) + (hull?.warnings ?? []),
            environment: environment(), timings: timingFacts())
        (report.phaseDiagrams, report.stabilityWindows) = (hull?.diagrams, hull?.windows)
        return report
    }

    private func properties() -> [ReportedProperty] {
        zip(state.description.properties, state.summary.distributions).map { p, distribution in
            ReportedProperty(
                name: p.name, unit: p.unit, hasSpread: p.hasSpread, mean: p.classes == nil ? distribution.passedMean : nil,
                histogram: distribution.reported(), classes: p.classes)
        }
    }

    private func rejections() -> [RejectionCount] {
        state.summary.rejectionCounts.sorted { $0.key < $1.key }.map { key, count in
            let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
            let stage = RejectionStage(rawValue: parts[0])!
            let examples = state.summary.rejections.lazy.filter { $0.stage == stage && $0.defect.reason == parts[1] }.prefix(3)
            return RejectionCount(
                stage: stage, reason: parts[1], count: Int(count), examples: examples.map { .init(id: $0.id, detail: $0.defect.detail) })
        }
    }

    func inputs() -> [ReportedInput] {
        let d = state.description
        let files = d.inputs.map {
            ReportedInput(role: $0.role, path: $0.path, sha256: $0.sha256, dataClass: $0.dataClass, license: $0.license, source: $0.source)
        }
        let models = d.models.map { m in
            ReportedInput(
                role: m.file == nil ? "training of \(m.property)" : "model of \(m.property)", path: m.file ?? m.card.data.path,
                sha256: m.file == nil ? m.card.data.sha256 : m.sha256, dataClass: m.card.data.dataClass, license: m.card.data.license)
        }
        return files + models
    }

    private func warnings(_ plan: ScreeningPlan, ranked: Int) -> [BilingualText] {
        let s = state.summary
        var lines = s.warningCounts.sorted { $0.key < $1.key }.map {
            BilingualText(en: "\(grouped($0.value)) formulas: \($0.key)", ja: "組成式 \(grouped($0.value)) 件: \($0.key)")
        }
        if s.survivors == 0, let i = s.steps.firstIndex(where: { $0.entered > 0 && $0.passed == 0 }) {
            let (step, last) = (state.description.stepNames[i], grouped(s.steps[i].entered))
            lines.append(
                BilingualText(
                    en: "nothing is left: the step '\(step)' dropped the last \(last)", ja: "候補が残っていません：条件「\(step)」で最後の \(last) 件が除かれました"))
        }
        lines += RankingRemarks.lines(plan, state, ranked: ranked)
        if s.rejected > UInt64(s.rejections.count) {
            let (listed, all) = (grouped(UInt64(s.rejections.count)), grouped(s.rejected))
            lines.append(
                BilingualText(
                    en: "rejections.csv lists the first \(listed) of \(all)", ja: "rejections.csv には \(all) 件のうち最初の \(listed) 件のみを記載"))
        }
        return state.description.notes.map { BilingualText($0) } + lines
            + state.description.models.flatMap { m in
                m.card.warnings.map { BilingualText(en: "model of \(m.property): \($0)", ja: "\(m.property) のモデル: \($0)") }
            }
    }

    // MARK: Facts of the machine

    private func environment() -> ReportedFacts {
        let kernels = OpenBLAS.prepare()
        var facts = ReportedFacts()
        facts.set("host", ProcessInfo.processInfo.hostName)
        facts.set("operating_system", ProcessInfo.processInfo.operatingSystemVersionString)
        facts.set("cpu", cpuName())
        facts.set("blas_kernels", kernels.used)
        facts.set("blas_kernels_detected", kernels.detected)
        facts.set("hdf5", HDF5Library.version)
        facts.set("peak_memory_bytes", Double(peakMemory()))
        if let threads = timings.threads { facts.set("threads", Double(threads)) }
        return facts
    }

    private func timingFacts() -> ReportedFacts {
        var facts = ReportedFacts()
        facts.set("finished", ISO8601DateFormatter().string(from: Date()))
        if let s = timings.trainingSeconds { facts.set("training_seconds", s) }
        if let s = timings.screeningSeconds { facts.set("screening_seconds", s) }
        if let r = timings.candidatesPerSecond { facts.set("candidates_per_second", r) }
        return facts
    }

    private func cpuName() -> String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { String($0.trimmingPrefix(" ")) } ?? "unknown"
    }

    // MARK: results.h5

    private func writeResults(_ report: RunReport, to path: String) throws {
        let rows = report.ranking.rows
        let named = report.properties.indices.filter { report.properties[$0].classes != nil }
        let properties = report.properties.filter { $0.classes == nil }.flatMap { p in
            [PropertyDefinition(name: p.name, unit: p.unit)]
                + (p.hasSpread ? [PropertyDefinition(name: p.name + "_std", unit: p.unit)] : [])
        }
        let own = [PropertyDefinition(name: "rank"), PropertyDefinition(name: "score")]
        let extras = report.ranking.extraColumns.map { PropertyDefinition(name: $0) }
        let writer = try TableFileWriter(
            path: path, layout: TableLayout(properties: own + properties + extras, texts: named.map { report.properties[$0].name }),
            attributes: ["data_class": report.dataClass.rawValue, "name": report.name, "created_by": "MatSieve \(report.version)"])
        var columns = [rows.map { Double($0.rank) }, rows.map { $0.score ?? .nan }]
        for (i, p) in report.properties.enumerated() where p.classes == nil {
            columns.append(rows.map { $0.values[i] ?? .nan })
            if p.hasSpread { columns.append(rows.map { $0.spreads[i] ?? .nan }) }
        }
        for i in extras.indices { columns.append(rows.map { $0.extras[i] ?? .nan }) }
        let names = named.map { i in TextColumn(rows.map { report.properties[i].className($0.values[i]) ?? "" }) }
        try writer.append(
            TableRows(ids: TextColumn(rows.map(\.id)), formulas: TextColumn(rows.map(\.formula)), properties: columns, texts: names))
        try writer.finish()
    }
}
