import Foundation
import MaterialsCore
import Selection
import Testing

@testable import Screening

/// Kinds of properties and of sources in a plan: what they are told, what they give, and what is refused.
@Suite struct PropertyKindTests {
    @Test func everyKindHasItsKey() {
        for names in [PropertyKindRegistry.entries.map(\.name), CandidateSourceRegistry.entries.map(\.name)] {
            #expect(Set(names).count == names.count && names.allSatisfy { $0 == $0.lowercased() && !$0.contains("-") })
        }
        let summaries = PropertyKindRegistry.entries.map(\.summary) + CandidateSourceRegistry.entries.map(\.summary)
        #expect(summaries.allSatisfy { !$0.isEmpty && !$0.contains("\n") })
    }

    @Test(arguments: [
        ("{flie: a.csv}", "{expression: z}", "did you mean 'file'"), ("{columns: [z]}", "{expression: z}", "candidates needs"),
        ("a.csv", "{model: a.h5, expression: z}", "exactly one of"), ("a.csv", "{expresion: z}", "did you mean 'expression'"),
        ("a.csv", "{file: b.csv}", "needs 'column'"), ("a.csv", "{expression: z, column: x}", "unknown key 'column'"),
    ])
    func refuses(source: String, property: String, because reason: String) {
        let error = #expect(throws: MatSieveError.self) {
            try ScreeningPlan(
                text: "candidates: [\(source)]\nproperties: {x: \(property)}\nobjectives: [{minimize: x}]", path: "p.yaml")
        }
        #expect(error?.kind == .usage && error?.message.hasPrefix("p.yaml, line ") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    /// A property with standard deviations, a further column and a file, used by an expression, a filter and a goal.
    @Test func furtherColumnsAreProperties() throws {
        let run = try PreparedRun("filters: [twice_chance > 0.2]\nobjectives: [{minimize: twice}, {maximize: percent}]")
        defer { run.removeFolder() }
        let properties = run.prepared.pipeline.properties.map(\.definition)
        #expect(properties.map(\.name) == ["z", "percent", "twice", "twice_chance"])
        #expect(properties.map(\.hasSpread) == [false, false, true, false])
        #expect(properties.map(\.unit) == ["eV", nil, "eV", nil])

        let state = try run.folded(run.prepared.plan.ranking.method)
        #expect(state.summary.read == 3 && state.summary.steps.map(\.passed) == [2, 2])
        #expect(state.ranking.held.map(\.values) == [[2, 25, 4, 0.25], [3, 50, 6, 0.5]])
        #expect(state.ranking.held.map { $0.spreads[2] } == [1, 1.5])

        _ = try RunFinish(state: state, timings: .init()).write(to: run.folder)
        let ranking = try String(contentsOfFile: run.folder + "/ranking.csv", encoding: .utf8)
        #expect(ranking.contains(",z,percent,twice,twice_std,twice_chance") && ranking.contains(",2,25,4,1,0.25"))
    }

    @Test func whatKindsReadReachesTheManifest() throws {
        let run = try PreparedRun("objectives: [{minimize: twice}]")
        defer { run.removeFolder() }
        let state = try run.folded(run.prepared.plan.ranking.method)
        #expect(state.description.inputs.map(\.role) == ["candidates", "numbers tried", "table of twice"])
        #expect(state.description.dataClass == .closed && state.description.notes == ["a note"])
        _ = try RunFinish(state: state, timings: .init()).write(to: run.folder)
        for file in ["manifest.json", "report.json"] {
            let text = try String(contentsOfFile: run.folder + "/" + file, encoding: .utf8)
            #expect(text.contains("numbers tried") && text.contains("table of twice") && text.contains("CC0"))
        }
    }

    @Test(arguments: [
        ("both_std: {expression: z}", "objectives: [{minimize: z}]", ""),
        ("twice_std: {expression: z}", "objectives: [{minimize: z}]", "two columns 'twice_std'"),
        ("twice_chance: {expression: z}", "objectives: [{minimize: z}]", "two columns 'twice_chance'"),
        ("other: {expression: twice_chances}", "objectives: [{minimize: z}]", "did you mean 'twice_chance'"),
        ("a: {expression: b + 1}\n  b: {expression: a}", "objectives: [{minimize: a}]", "needs itself"),
    ])
    func namesAreTold(property: String, rest: String, reason: String) throws {
        let make = { try PreparedRun(rest, more: property).removeFolder() }
        if reason.isEmpty { return try make() }
        let error = #expect(throws: MatSieveError.self, performing: make)
        #expect(error?.kind == .usage && error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    /// Through a further column, too.
    @Test func cyclesAreRefused() {
        let error = #expect(throws: MatSieveError.self) {
            try PreparedRun("objectives: [{minimize: z}]", twiceOf: "percent").removeFolder()
        }
        #expect(error?.message.contains("needs itself") == true, "\(error?.message ?? "")")
    }

    /// A further column would hide a column of the candidates.
    @Test func columnsOfCandidatesAreNotHidden() {
        let error = #expect(throws: MatSieveError.self) {
            try PreparedRun("objectives: [{minimize: z}]", columns: ["z", "twice_chance"]).removeFolder()
        }
        #expect(error?.message.contains("'twice_chance', the name of a column of the candidates") == true, "\(error?.message ?? "")")
    }
}

/// A plan with kinds of this file, prepared.
private struct PreparedRun {
    let folder: String
    let prepared: PreparedPlan
    private let options: RunOptions

    init(_ rest: String, more: String = "", twiceOf: String = "z", columns: [String] = ["z"]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        options = RunOptions(planPath: folder + "/p.yaml", output: folder)
        let text =
            "candidates: [a.csv]\nproperties:\n  percent: {expression: twice_chance * 100}\n  twice: {expression: z}\n  \(more)\n\(rest)\n"
        do {
            var plan = try ScreeningPlan(text: text, path: options.planPath)
            plan.sources[0].kind = CountedCandidates(columns: columns)
            plan.properties[1].kind = Twice(of: twiceOf)
            let preparation = try PlanPreparation(
                plan: plan, options: options, interruption: Interruption(), progress: ProgressMeter(quiet: true))
            prepared = try preparation.prepare(try preparation.check())
        } catch {
            try FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    func folded(_ method: some RankingMethod) throws -> RunState {
        var summary = prepared.emptySummary(rejectionLimit: 10)
        var fold = try method.makeFold(RankingState())
        try prepared.sources[0].forEachBatch {
            try prepared.pipeline.process(prepared.rebased($0, source: 0), into: &summary, fold: &fold)
        }
        return RunState(
            description: try prepared.description(options: options), shard: .whole, cursor: nil, isComplete: true, summary: summary,
            ranking: fold.state)
    }
}

/// Twice a property, with half of the property as standard deviation, and a chance beside it.
private struct Twice: PropertyKind, PropertyComputation {
    static let name = "twice"
    static let summary = "twice a property"
    static let example = "{twice: z}"
    let inputs: [String]
    let furtherColumns = ["chance"]
    let mayHaveSpread = true

    init(of property: String) { inputs = [property] }
    init(_ settings: inout Settings, of property: PropertyHead) throws { inputs = [try settings.requiredText("twice")] }

    func open(_ context: PropertyContext) -> OpenedProperty {
        let table = RunDescription.Input(
            role: "table of \(context.name)", path: "t.csv", sha256: "0", dataClass: .closed, license: "CC0", source: nil)
        return OpenedProperty(computation: self, files: [table], notes: ["a note"])
    }

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] {
        [PropertyColumn(unit: inputs[0].unit, hasSpread: true), PropertyColumn()]
    }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        let z = inputs[0].values
        return ComputedColumns([
            PropertyValues(values: z.map { 2 * $0 }, spread: z.map { $0 / 2 }), PropertyValues(values: z.map { ($0 - 1) / 4 }),
        ])
    }
}

/// NaCl with the numbers 1, 2, 3 in its columns.
private struct CountedCandidates: CandidateSourceKind {
    static let name = "count"
    static let summary = "numbers"
    static let example = "count:"
    let label = "three numbers"
    var columns = ["z"]

    init(columns: [String]) { self.columns = columns }
    init(_ settings: inout Settings) {}

    func columnNames(_ context: SourceContext) -> [String] { columns }

    func open(_ columns: [CandidateColumn], structures: Bool, _ context: SourceContext) -> OpenedSource {
        let schema = CandidateSchema(columns.map { CandidateColumn(name: $0.name, kind: .numeric, unit: "eV") })
        let file = RunDescription.Input(
            role: "numbers tried", path: "numbers", sha256: "1", dataClass: .open, license: nil, source: nil)
        return OpenedSource(source: Numbers(schema: schema), files: [file])
    }

    private struct Numbers: CandidateSource {
        let schema: CandidateSchema
        let isAddressable = true
        let provenance = SourceProvenance(path: "three numbers")
        func positionCount() -> Int { 3 }
        func contentHash() -> String { "2" }
        func reader(positions: Range<Int>) -> any CandidateReader { Reader(schema: schema) }
    }

    private final class Reader: CandidateReader {
        private let schema: CandidateSchema
        private var isDone = false

        init(schema: CandidateSchema) { self.schema = schema }

        func next() -> PendingBatches? {
            if isDone { return nil }
            isDone = true
            return PendingBatches(positions: 0..<3) { [schema] in
                var batch = CandidateBatch(schema: schema)
                for i in 0..<3 {
                    batch.append(
                        index: CandidateIndex(source: 0, position: i), id: "\(i)".utf8, composition: try Composition(formula: "NaCl"),
                        numeric: schema.numeric.map { _ in Double(i + 1) })
                }
                return [batch]
            }
        }
    }
}
