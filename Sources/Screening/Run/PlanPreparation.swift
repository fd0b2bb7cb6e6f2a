import Formats
import MaterialsCore
import Models
import Selection
import Storage
import Supply

/// Turns a decoded plan into one that can run: opens sources, finds or trains surrogates, resolves every name.
struct PlanPreparation {
    let plan: ScreeningPlan
    let options: RunOptions
    private let workers: Workers
    private let surrogates: SurrogateProvider
    /// Classes that filters, goals and expressions name.
    private let classes: PlanClasses
    /// Names of all that is computed, in the order of the outputs.
    private let names: ComputedNames

    init(plan: ScreeningPlan, options: RunOptions, interruption: Interruption, progress: ProgressMeter) throws {
        (self.plan, self.options) = (plan, options)
        let workers = Workers(threads: options.threads, interruption: interruption)
        let surrogates = SurrogateProvider(
            plan: plan, options: options, files: try ModelFiles(plan), workers: workers, progress: progress)
        (self.workers, self.surrogates) = (workers, surrogates)
        classes = try PlanClasses(plan, planPath: options.planPath) {
            PropertyContext(name: $0.name, line: $0.line, plan: plan, workers: workers, surrogates: surrogates)
        }
        names = ComputedNames(plan, classes: classes)
    }

    /// Names that are resolved and sources that are open; nothing is trained yet.
    struct Layout {
        /// Numeric columns of the candidates that the plan computes with.
        var columns: [CandidateColumn]
        /// Columns that every batch of the run carries.
        var schema: CandidateSchema
        var sources: [any CandidateSource]
        /// Files that went into the sources beside themselves.
        var files: [RunDescription.Input]
    }

    /// Checks all names and files, so that a wrong plan or input is refused before anything is trained or written.
    func check() throws -> Layout {
        let columnNames = try plan.sources.map { source in try located(line: source.line) { try source.kind.columnNames(context(source)) } }
        let columns = try inputColumns(available: columnNames)
        try checkCycles()
        for p in plan.properties { try located { try p.kind.check(context(p)) } }
        let extras = try extraColumns(beside: columns, available: columnNames)
        try checkOutputNames(columns + extras)
        var needs = try needs(available: columnNames)
        if plan.keepsStructures { needs.structuresFor.append("keep_structures") }
        let schema = CandidateSchema(
            columns + extras + missing(needs.columns, beside: columns + extras), hasStructures: !needs.structuresFor.isEmpty)
        let opened = try zip(plan.sources, columnNames).map { try open($0, schema: schema, available: $1) }
        let sources = opened.map(\.source)
        for source in sources { try requireStructures(source, by: needs.structuresFor) }
        try checkUnits(sources)
        for (source, opened) in zip(plan.sources, sources) { try checkNumbers(opened, line: source.line) }
        return Layout(columns: columns, schema: schema, sources: sources, files: opened.flatMap(\.files))
    }

    /// What would run, for `--dry-run`.
    func summary(_ layout: Layout) -> [String] {
        let goals = plan.objectives.map { o in
            o.target.map { "\(o.property) near \(numberText($0))" } ?? (o.maximize ? "largest " : "smallest ") + o.property
        }
        return ["candidates: " + plan.sources.map(\.label).joined(separator: ", ")]
            + (layout.columns.isEmpty ? [] : ["columns of the candidates: " + layout.columns.map(\.name).joined(separator: ", ")])
            + (names.all.isEmpty ? [] : ["computed: " + names.all.joined(separator: ", ")])
            + plan.filters.map { "filter: \($0.name)" } + ["ranking: \(plan.ranking.name) by " + goals.joined(separator: ", ")]
    }

    /// Opens what properties read and trains what is missing.
    func prepare(_ layout: Layout) throws -> PreparedPlan {
        let opened = try openProperties()
        let assembly = PipelineAssembly(
            plan: plan, columns: layout.columns, schemas: layout.sources.map(\.schema), texts: layout.schema.text.map(\.name), names: names,
            opened: opened)
        let seconds = opened.compactMap(\.trainingSeconds)
        return PreparedPlan(
            plan: plan, sources: layout.sources, files: layout.files + opened.flatMap(\.files) + (try listsOfFilters()),
            pipeline: try assembly.pipeline(),
            schema: layout.schema, models: opened.flatMap(\.models),
            notes: layout.sources.flatMap(\.notes) + opened.flatMap(\.notes),
            trainingSeconds: seconds.isEmpty ? nil : seconds.reduce(0, +))
    }

    /// The lists that filters judge by, as inputs.
    private func listsOfFilters() throws -> [RunDescription.Input] {
        try plan.filters.flatMap { f in
            try f.filter.elementLists.map {
                try ElementTableRegistry.table(named: $0.name, line: $0.line).input(role: "element table of filter '\(f.name)'")
            }
        }
    }

    /// Opens what properties read, in the order of the plan; what may have to be trained comes last, so that no training is in vain.
    private func openProperties() throws -> [OpenedProperty] {
        var opened = [OpenedProperty?](repeating: nil, count: plan.properties.count)
        for predicted in [false, true] {
            for (i, p) in plan.properties.enumerated() where p.isPredicted == predicted {
                opened[i] = try located { try p.kind.open(context(p)) }
            }
        }
        return opened.map { $0! }
    }

    /// Every column of the outputs has a name of its own.
    private func checkOutputNames(_ columns: [CandidateColumn]) throws {
        var taken = Set(["rank", "id", "formula", "score"] + plan.ranking.extraColumns)
        let lines = Dictionary(
            plan.references.map { ($0.name, $0.line) } + plan.properties.map { ($0.name, $0.line) }, uniquingKeysWith: { first, _ in first }
        )
        let spread = Set(plan.properties.filter(\.kind.mayHaveSpread).map(\.name))
        for name in columns.map(\.name) + names.all {
            for output in spread.contains(name) ? [name, name + "_std"] : [name] where !taken.insert(output).inserted {
                throw Settings.error(
                    lines[name] ?? names.owner(of: name).map { plan.properties[$0].line } ?? 0,
                    "'\(name)' would give the results two columns '\(output)'; give the property or the column another name"
                ).at(options.planPath)
            }
        }
    }

    /// Refuses a column of words used as numbers, seen from the first rows: every one of them fails there.
    private func checkNumbers(_ source: any CandidateSource, line: Int) throws {
        guard let batch = try source.reader(positions: 0..<CandidateGrid.batchSize).next()?.decode().first, batch.count == 0,
            let first = batch.rejections.first, batch.rejections.allSatisfy({ $0.defect.reason == "bad-number" })
        else { return }
        throw Settings.error(
            line, "\(source.provenance.path): a column that the plan computes with holds no numbers: \(first.defect.detail)"
        )
        .at(options.planPath)
    }

    /// Refuses one column in two units: its values would be compared as they are.
    private func checkUnits(_ sources: [any CandidateSource]) throws {
        for (i, source) in sources.enumerated() {
            for column in source.schema.numeric {
                for (j, other) in sources[..<i].enumerated() {
                    guard let same = other.schema.numeric.first(where: { $0.name == column.name }), same.unit != column.unit else {
                        continue
                    }
                    throw Settings.error(
                        plan.sources[i].line,
                        "'\(column.name)' is in \(column.unit ?? "no unit") here and in \(same.unit ?? "no unit") in \(plan.sources[j].label); bring them to one unit"
                    ).at(options.planPath)
                }
            }
        }
    }

    // MARK: Sources

    private func context(_ source: ScreeningPlan.Source) -> SourceContext {
        SourceContext(line: source.line, plan: plan, workers: workers)
    }

    private func open(_ source: ScreeningPlan.Source, schema: CandidateSchema, available: [String]) throws -> OpenedSource {
        let present = (schema.numeric + schema.text).filter { available.contains($0.name) }
        return try located { try source.kind.open(present, structures: schema.hasStructures, context(source)) }
    }

    // MARK: Properties

    private func context(_ p: ScreeningPlan.Property) -> PropertyContext {
        PropertyContext(
            name: p.name, line: p.line, plan: plan, workers: workers, surrogates: surrogates, classes: classes.classes(of: p.name))
    }

    /// What properties need of the candidates beside compositions.
    private func needs(available: [[String]]) throws -> CandidateNeeds {
        var result = CandidateNeeds()
        for p in plan.properties {
            let own = try located { try p.kind.needs(context(p)) }
            try checkNeeded(own.columns, by: p.isPredicted ? "a model" : "property '\(p.name)'", available: available)
            result.columns += own.columns
            result.structuresFor += own.structuresFor
        }
        return result
    }

    /// Adds the plan's path to errors that name a line of it; with `line`, to all errors.
    private func located<Result>(line: Int? = nil, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let e as MatSieveError {
            if e.message.hasPrefix("line ") { throw e.at(options.planPath) }
            guard let line else { throw e }
            throw MatSieveError(e.kind, "\(options.planPath), line \(line): \(e.message)")
        }
    }

    // MARK: Names

    /// Refuses properties that need themselves.
    private func checkCycles() throws {
        for (i, p) in plan.properties.enumerated() {
            var seen: Set<String> = []
            var next = p.kind.inputs
            while let name = next.popLast() {
                guard let owner = names.owner(of: name), seen.insert(name).inserted else { continue }
                if owner == i { throw Settings.error(p.line, "property '\(p.name)' needs itself").at(options.planPath) }
                next += plan.properties[owner].kind.inputs
            }
        }
    }

    /// Numeric columns of the input that the plan uses as properties, in the order of first use.
    private func inputColumns(available: [[String]]) throws -> [CandidateColumn] {
        let all = available.flatMap { $0 }
        if let clash = plan.properties.first(where: { all.contains($0.name) }) {
            throw Settings.error(clash.line, "property '\(clash.name)' has the name of a column of the candidates; give it another").at(
                options.planPath)
        }
        try checkFurtherNames(beside: all)
        let computed = self.names.all
        var names: [String] = []
        for (name, line) in plan.references where !computed.contains(name) && !names.contains(name) {
            guard all.contains(name) else {
                throw Settings.error(
                    line,
                    "'\(name)' is neither a property of the plan nor a column of the candidates"
                        + suggestion(for: name, among: computed + all)
                ).at(options.planPath)
            }
            names.append(name)
        }
        return names.map { CandidateColumn(name: $0, kind: .numeric) }
    }

    /// Refuses further columns of a property with the name of a column of the candidates, which they would hide.
    private func checkFurtherNames(beside columns: [String]) throws {
        for (p, names) in zip(plan.properties, names.further) where !p.isPredicted {
            guard let clash = names.first(where: columns.contains) else { continue }
            throw Settings.error(
                p.line, "property '\(p.name)' also gives '\(clash)', the name of a column of the candidates; give the property another"
            ).at(options.planPath)
        }
    }

    /// Columns that the plan asks to carry along, as text where nothing computes with them.
    private func extraColumns(beside columns: [CandidateColumn], available: [[String]]) throws -> [CandidateColumn] {
        var extras: [CandidateColumn] = []
        for (source, names) in zip(plan.sources, available) {
            for name in source.kind.carriedColumns {
                guard names.contains(name) else {
                    throw Settings.error(source.line, "\(source.label) has no column '\(name)'" + suggestion(for: name, among: names))
                        .at(options.planPath)
                }
                if !(columns + extras).contains(where: { $0.name == name }) { extras.append(CandidateColumn(name: name, kind: .text)) }
            }
        }
        return extras
    }

    /// Those of `needed` that are not carried yet, each once.
    private func missing(_ needed: [CandidateColumn], beside present: [CandidateColumn]) -> [CandidateColumn] {
        var result: [CandidateColumn] = []
        for c in needed where !(present + result).contains(where: { $0.name == c.name && $0.kind == c.kind }) { result.append(c) }
        return result
    }

    private func checkNeeded(_ columns: [CandidateColumn], by whom: String, available: [[String]]) throws {
        for c in columns where !available.contains(where: { $0.contains(c.name) }) {
            throw MatSieveError.usage(
                "\(options.planPath): \(whom) needs the column '\(c.name)', which the candidates do not have"
                    + suggestion(for: c.name, among: available.flatMap { $0 }))
        }
    }
}

extension MatSieveError {
    /// The same error with the file it stands in.
    func at(_ file: String) -> MatSieveError { MatSieveError(kind, "\(file), \(message)") }
}
