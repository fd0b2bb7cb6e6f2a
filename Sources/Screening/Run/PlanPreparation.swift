import Formats
import MaterialsCore
import Models
import Selection
import Storage

/// Turns a decoded plan into one that can run: opens sources, finds or trains surrogates, resolves every name.
struct PlanPreparation {
    let plan: ScreeningPlan
    let options: RunOptions
    private let workers: Workers
    private let progress: ProgressMeter
    /// Models that the plan names by file, read once.
    private let modelFiles: ModelFiles
    /// Classes that filters, goals and expressions name.
    private let classes: PlanClasses
    /// Names of all properties that are computed, in the order of the outputs.
    private let computedNames: [String]

    init(plan: ScreeningPlan, options: RunOptions, interruption: Interruption, progress: ProgressMeter) throws {
        (self.plan, self.options, self.progress) = (plan, options, progress)
        workers = Workers(threads: options.threads, interruption: interruption)
        modelFiles = try ModelFiles(plan)
        classes = try PlanClasses(plan, files: modelFiles, planPath: options.planPath, workers: workers)
        let predicted = plan.properties.filter(\.isPredicted).map(\.name)
        computedNames =
            plan.properties.map(\.name) + classes.probabilities.map(\.name)
            + (predicted.isEmpty ? [] : [knownPropertyName]) + (predicted.count > 1 ? predicted.map(knownName) : [])
    }

    /// Names that are resolved and sources that are open; nothing is trained yet.
    struct Layout {
        /// Numeric columns of the candidates that the plan computes with.
        var columns: [CandidateColumn]
        /// Columns that every batch of the run carries.
        var schema: CandidateSchema
        var sources: [any CandidateSource]
    }

    /// Checks all names and files, so that a wrong plan or input is refused before anything is trained or written.
    func check() throws -> Layout {
        let columnNames = try plan.sources.map { try sourceColumns($0) }
        let columns = try inputColumns(available: columnNames)
        try checkCycles()
        try checkJoins()
        let extras = try extraColumns(beside: columns, available: columnNames)
        try checkOutputNames(columns + extras)
        let provider = SurrogateProvider(plan: plan, options: options, files: modelFiles, workers: workers, progress: progress)
        let needs = try provider.checkedNeeds()
        try checkFeatureColumns(needs.columns, available: columnNames)
        let schema = CandidateSchema(
            columns + extras + missing(needs.columns, beside: columns + extras), hasStructures: !needs.structuresFor.isEmpty)
        let sources = try zip(plan.sources, columnNames).map { try open($0, schema: schema, available: $1) }
        for source in sources { try requireStructures(source, by: needs.structuresFor) }
        try checkUnits(sources)
        for (source, opened) in zip(plan.sources, sources) { try checkNumbers(opened, line: source.line) }
        return Layout(columns: columns, schema: schema, sources: sources)
    }

    /// What would run, for `--dry-run`.
    func summary(_ layout: Layout) -> [String] {
        let goals = plan.objectives.map { o in
            o.target.map { "\(o.property) near \(numberText($0))" } ?? (o.maximize ? "largest " : "smallest ") + o.property
        }
        return ["candidates: " + plan.sources.map(\.file).joined(separator: ", ")]
            + (layout.columns.isEmpty ? [] : ["columns of the candidates: " + layout.columns.map(\.name).joined(separator: ", ")])
            + (computedNames.isEmpty ? [] : ["computed: " + computedNames.joined(separator: ", ")])
            + plan.filters.map { "filter: \($0.name)" } + ["ranking: \(plan.ranking.name) by " + goals.joined(separator: ", ")]
    }

    /// Reads what is joined in and trains what is missing.
    func prepare(_ layout: Layout) throws -> PreparedPlan {
        var provider = SurrogateProvider(plan: plan, options: options, files: modelFiles, workers: workers, progress: progress)
        let joins = try openJoins()
        let surrogates = try provider.surrogates()
        let properties = try self.properties(
            columns: layout.columns, surrogates: surrogates, joins: joins, schema: layout.sources.map(\.schema))
        let pipeline = CandidatePipeline(
            properties: properties, steps: try steps(properties),
            ranked: RankedValues(plan.ranking, properties: properties.map(\.definition.name), texts: layout.schema.text.map(\.name)))
        return PreparedPlan(
            plan: plan, sources: layout.sources, joins: joins.map(\.value.input), pipeline: pipeline, schema: layout.schema,
            models: provider.models, notes: layout.sources.flatMap(\.notes) + joins.flatMap(\.value.values.notes),
            trainingSeconds: provider.trainingSeconds)
    }

    /// Every column of the outputs has a name of its own.
    private func checkOutputNames(_ columns: [CandidateColumn]) throws {
        var taken = Set(["rank", "id", "formula", "score"] + plan.ranking.extraColumns)
        let lines = Dictionary(
            plan.references.map { ($0.name, $0.line) } + plan.properties.map { ($0.name, $0.line) }, uniquingKeysWith: { first, _ in first }
        )
        let predicted = Set(plan.properties.filter(\.isPredicted).map(\.name))
        for name in columns.map(\.name) + computedNames {
            for output in predicted.contains(name) ? [name, name + "_std"] : [name] where !taken.insert(output).inserted {
                throw Settings.error(
                    lines[name] ?? 0,
                    "'\(name)' would give the results two columns '\(output)'; give the property or the column another name"
                ).at(options.planPath)
            }
        }
    }

    private func checkJoins() throws {
        for case (let property, .join(let file, let column, let key, let keys, _)) in plan.properties.map({ ($0, $0.kind) }) {
            let names = try CandidateInput.columnNames(plan.resolve(file), format: nil)
            if key == .id, keys.id == nil, !names.contains(where: { ["id", "material_id"].contains($0.lowercased()) }),
                try FileKind.detect(plan.resolve(file)) == .notHDF5
            {
                throw Settings.error(property.line, "\(file) has no column 'id' or 'material_id' to join by; name it with id_column")
                    .at(options.planPath)
            }
            guard names.contains(column) else {
                throw Settings.error(property.line, "\(file) has no column '\(column)'" + suggestion(for: column, among: names))
                    .at(options.planPath)
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
                        "'\(column.name)' is in \(column.unit ?? "no unit") here and in \(same.unit ?? "no unit") in \(plan.sources[j].file); bring them to one unit"
                    ).at(options.planPath)
                }
            }
        }
    }

    // MARK: Sources

    private func sourceColumns(_ source: ScreeningPlan.Source) throws -> [String] {
        do {
            return try CandidateInput.columnNames(plan.resolve(source.file), format: source.format)
        } catch let e as MatSieveError { throw MatSieveError(e.kind, "\(options.planPath), line \(source.line): \(e.message)") }
    }

    private func open(_ source: ScreeningPlan.Source, schema: CandidateSchema, available: [String]) throws -> any CandidateSource {
        let present = (schema.numeric + schema.text).filter { available.contains($0.name) }
        let request = source.keys.request(present, structures: schema.hasStructures)
        let opened = try CandidateInput.open(plan.resolve(source.file), format: source.format, request: request)
        // Files that nobody reads are known once all were looked at.
        if opened is StructureSource { _ = try opened.positionCount() }
        return DescribedSource(base: opened, path: source.file, dataClass: source.dataClass, license: source.license, origin: source.origin)
    }

    // MARK: Names

    private var hasSurrogates: Bool { plan.properties.contains(where: \.isPredicted) }

    /// Refuses expressions that need themselves.
    private func checkCycles() throws {
        for p in plan.properties {
            var seen: Set<String> = []
            var next = p.inputs
            while let name = next.popLast() {
                if name == p.name { throw Settings.error(p.line, "property '\(p.name)' needs itself").at(options.planPath) }
                if seen.insert(name).inserted { next += plan.properties.first { $0.name == name }.map(\.inputs) ?? [] }
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
        var names: [String] = []
        for (name, line) in plan.references where !computedNames.contains(name) && !names.contains(name) {
            guard all.contains(name) else {
                throw Settings.error(
                    line,
                    "'\(name)' is neither a property of the plan nor a column of the candidates"
                        + suggestion(for: name, among: computedNames + all)
                ).at(options.planPath)
            }
            names.append(name)
        }
        return names.map { CandidateColumn(name: $0, kind: .numeric) }
    }

    /// Columns that the plan asks to carry along, as text where nothing computes with them.
    private func extraColumns(beside columns: [CandidateColumn], available: [[String]]) throws -> [CandidateColumn] {
        var extras: [CandidateColumn] = []
        for (source, names) in zip(plan.sources, available) {
            for name in source.columns {
                guard names.contains(name) else {
                    throw Settings.error(source.line, "\(source.file) has no column '\(name)'" + suggestion(for: name, among: names))
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

    private func checkFeatureColumns(_ columns: [CandidateColumn], available: [[String]]) throws {
        for c in columns where !available.contains(where: { $0.contains(c.name) }) {
            throw MatSieveError.usage(
                "\(options.planPath): a model needs the column '\(c.name)', which the candidates do not have"
                    + suggestion(for: c.name, among: available.flatMap { $0 }))
        }
    }

    // MARK: Properties and steps

    private struct Join {
        var values: JoinedValues
        var unit: String?
        var input: RunDescription.Input
    }

    private func openJoins() throws -> [(name: String, value: Join)] {
        var result: [(name: String, value: Join)] = []
        for p in plan.properties {
            guard case .join(let file, let column, let key, let keys, let rights) = p.kind else { continue }
            var request = keys.request([CandidateColumn(name: column, kind: .numeric)], structures: false)
            request.formulaIsOptional = key == .id
            let source = try CandidateInput.open(plan.resolve(file), request: request)
            let (provenance, unit) = (source.provenance, source.schema.numeric.first?.unit)
            let input = RunDescription.Input(
                role: "values of \(p.name)", path: file, sha256: try source.contentHash(),
                dataClass: max(provenance.dataClass, rights ?? .open),
                license: provenance.license, source: provenance.source)
            let values = try JoinedValues(source, column: column, by: key, idsArePrefixed: plan.sources.count > 1)
            result.append((p.name, Join(values: values, unit: unit, input: input)))
        }
        return result
    }

    private func properties(
        columns: [CandidateColumn], surrogates: [String: Surrogate], joins: [(name: String, value: Join)], schema: [CandidateSchema]
    ) throws -> [CandidatePipeline.Property] {
        var result = columns.map { c in
            let unit = schema.lazy.flatMap(\.numeric).first { $0.name == c.name }?.unit
            return CandidatePipeline.Property(definition: PropertyDefinition(name: c.name, unit: unit), origin: .column)
        }
        let names = columns.map(\.name) + computedNames
        for p in plan.properties {
            let unit: String?
            let origin: CandidatePipeline.Property.Origin
            switch p.kind {
            case .model, .train: (unit, origin) = (surrogates[p.name]!.card.unit, .surrogate(surrogates[p.name]!))
            case .join:
                let join = joins.first { $0.name == p.name }!.value
                (unit, origin) = (join.unit, .join(join.values))
            case .feature(let name, let descriptor):
                (unit, origin) = (nil, .feature(try FeatureProperty(name, of: descriptor, line: p.line)))
            case .expression(let e): (unit, origin) = (nil, .expression(e, of: e.propertyNames.map { names.firstIndex(of: $0)! }))
            }
            let hasSpread = surrogates[p.name]?.card.task == .regression
            result.append(.init(definition: PropertyDefinition(name: p.name, unit: unit, hasSpread: hasSpread), origin: origin))
        }
        for p in classes.probabilities {
            let place = columns.count + plan.properties.firstIndex { $0.name == p.property }!
            let code = try p.className.map { try self.code(of: $0, surrogates[p.property]!, property: p.property) }
            result.append(.init(definition: PropertyDefinition(name: p.name), origin: .probability(of: place, code: code)))
        }
        if hasSurrogates {
            let all = plan.properties.compactMap { surrogates[$0.name] }
            result.append(.init(definition: PropertyDefinition(name: knownPropertyName), origin: .known(all)))
            if all.count > 1 {
                for p in plan.properties {
                    guard let s = surrogates[p.name] else { continue }
                    result.append(.init(definition: PropertyDefinition(name: knownName(p.name)), origin: .known([s])))
                }
            }
        }
        return result
    }

    private func code(of name: String, _ surrogate: Surrogate, property: String) throws -> Int {
        guard let code = surrogate.card.classes.firstIndex(of: name) else {
            throw MatSieveError.input(
                "model of '\(property)': has no class '\(name)'" + suggestion(for: name, among: surrogate.card.classes))
        }
        return code
    }

    /// Filters in the order that they run: by stage, in plan order within a stage.
    private func steps(_ properties: [CandidatePipeline.Property]) throws -> [CandidatePipeline.Step] {
        let made = try plan.filters.map { f in
            let at = f.filter.requiredProperties.map { name in properties.firstIndex { $0.definition.name == name }! }
            let isColumn = at.allSatisfy { if case .column = properties[$0].origin { true } else { false } }
            let stage: FilterStage = at.isEmpty ? .composition : isColumn ? .columns : .predictions
            let filter = try f.filter.resolvingClasses { c in
                guard case .surrogate(let s)? = properties.first(where: { $0.definition.name == c.property })?.origin else { return .nan }
                return Double(try code(of: c.name, s, property: c.property))
            }
            return CandidatePipeline.Step(name: f.name, stage: stage, filter: filter, properties: at)
        }
        return FilterStage.allCases.flatMap { stage in made.filter { $0.stage == stage } }
    }
}

extension MatSieveError {
    /// The same error with the file it stands in.
    func at(_ file: String) -> MatSieveError { MatSieveError(kind, "\(file), \(message)") }
}
