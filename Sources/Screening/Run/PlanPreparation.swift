import MaterialsCore
import Models
import Selection
import Storage

/// Turns a decoded plan into one that can run: opens sources, finds or trains surrogates, resolves every name.
struct PlanPreparation {
    let plan: ScreeningPlan
    let options: RunOptions
    let interruption: Interruption
    let progress: ProgressMeter

    /// Checks all names and files, so that a wrong plan is refused before anything is trained or written.
    /// - Returns: what would run, for `--dry-run`
    @discardableResult
    func check() throws -> [String] {
        let columnNames = try plan.sources.map { try sourceColumns($0) }
        let columns = try inputColumns(available: columnNames)
        try checkCycles()
        let provider = SurrogateProvider(
            plan: plan, options: options, workers: Workers(threads: options.threads, interruption: interruption), progress: progress)
        try provider.check { try checkFeatureColumns($0, available: columnNames) }
        for case (let property, .join(let file, let column, _, _, _)) in plan.properties.map({ ($0, $0.kind) }) {
            let names = try CandidateInput.columnNames(plan.resolve(file), format: nil)
            guard names.contains(column) else {
                throw Settings.error(property.line, "\(file) has no column '\(column)'" + suggestion(for: column, among: names)).at(
                    options.planPath)
            }
        }
        return ["candidates: " + plan.sources.map(\.file).joined(separator: ", ")]
            + (columns.isEmpty ? [] : ["columns of the candidates: " + columns.map(\.name).joined(separator: ", ")])
            + (computedNames.isEmpty ? [] : ["computed: " + computedNames.joined(separator: ", ")])
            + plan.filters.map { "filter: \($0.name)" }
            + [
                "ranking: \(plan.rankingName) by "
                    + plan.objectives.map { ($0.maximize ? "largest " : "smallest ") + $0.property }.joined(separator: ", ")
            ]
    }

    /// Opens everything and trains what is missing.
    func prepare() throws -> PreparedPlan {
        let columnNames = try plan.sources.map { try sourceColumns($0) }
        let columns = try inputColumns(available: columnNames)
        var provider = SurrogateProvider(
            plan: plan, options: options, workers: Workers(threads: options.threads, interruption: interruption), progress: progress)
        let joins = try openJoins()
        let surrogates = try provider.surrogates()
        let schema = CandidateSchema(
            columns + extraColumns(beside: columns, available: columnNames) + featureColumns(surrogates, beside: columns))
        let sources = try zip(plan.sources, columnNames).map { try open($0, schema: schema, available: $1) }
        let properties = try self.properties(columns: columns, surrogates: surrogates, joins: joins, schema: sources.map(\.schema))
        let pipeline = CandidatePipeline(
            properties: properties, steps: steps(properties),
            objectives: plan.objectives.map { o in properties.firstIndex { $0.definition.name == o.property }! })
        return PreparedPlan(
            plan: plan, sources: sources, joins: joins.map(\.value.input), pipeline: pipeline, schema: schema, models: provider.models)
    }

    // MARK: Sources

    private func sourceColumns(_ source: ScreeningPlan.Source) throws -> [String] {
        do {
            return try CandidateInput.columnNames(plan.resolve(source.file), format: source.format)
        } catch let e as MatSieveError { throw MatSieveError(e.kind, "\(options.planPath), line \(source.line): \(e.message)") }
    }

    private func open(_ source: ScreeningPlan.Source, schema: CandidateSchema, available: [String]) throws -> any CandidateSource {
        let present = (schema.numeric + schema.text).filter { available.contains($0.name) }
        let request = TableRequest(formulaColumn: source.formulaColumn, idColumn: source.idColumn, columns: present)
        let opened = try CandidateInput.open(plan.resolve(source.file), format: source.format, request: request)
        return DescribedSource(base: opened, path: source.file, dataClass: source.dataClass, license: source.license, origin: source.origin)
    }

    // MARK: Names

    private var computedNames: [String] {
        plan.properties.map(\.name) + (hasSurrogates ? [knownPropertyName] : [])
    }

    private var hasSurrogates: Bool {
        plan.properties.contains { p in
            switch p.kind {
            case .model, .train: true
            case .join, .expression: false
            }
        }
    }

    /// Names that filters and objectives use, with the line that uses them.
    private var references: [(name: String, line: Int)] {
        plan.properties.flatMap { p in expressionInputs(p).map { ($0, p.line) } }
            + plan.filters.flatMap { f in f.filter.requiredProperties.map { ($0, f.line) } }
            + zip(plan.objectives, plan.objectiveLines).map { ($0.property, $1) }
    }

    private func expressionInputs(_ property: ScreeningPlan.Property) -> [String] {
        if case .expression(let e) = property.kind { e.propertyNames } else { [] }
    }

    /// Refuses expressions that need themselves.
    private func checkCycles() throws {
        for p in plan.properties {
            var seen: Set<String> = []
            var next = expressionInputs(p)
            while let name = next.popLast() {
                if name == p.name { throw Settings.error(p.line, "property '\(p.name)' needs itself").at(options.planPath) }
                if seen.insert(name).inserted { next += plan.properties.first { $0.name == name }.map(expressionInputs) ?? [] }
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
        for (name, line) in references where !computedNames.contains(name) && !names.contains(name) {
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
    private func extraColumns(beside columns: [CandidateColumn], available: [[String]]) -> [CandidateColumn] {
        var extras: [CandidateColumn] = []
        for name in plan.sources.flatMap(\.columns) where !(columns + extras).contains(where: { $0.name == name }) {
            extras.append(CandidateColumn(name: name, kind: .text))
        }
        return extras
    }

    private func featureColumns(_ surrogates: [String: Surrogate], beside columns: [CandidateColumn]) -> [CandidateColumn] {
        var result: [CandidateColumn] = []
        for c in surrogates.sorted(by: { $0.key < $1.key }).flatMap(\.value.features.requiredColumns)
        where !(columns + result).contains(where: { $0.name == c.name }) {
            result.append(c)
        }
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
            guard case .join(let file, let column, let key, let formula, let id) = p.kind else { continue }
            let request = TableRequest(formulaColumn: formula, idColumn: id, columns: [CandidateColumn(name: column, kind: .numeric)])
            let source = try CandidateInput.open(plan.resolve(file), request: request)
            let (provenance, unit) = (source.provenance, source.schema.numeric.first?.unit)
            let input = RunDescription.Input(
                role: "values of \(p.name)", path: file, sha256: try source.contentHash(), dataClass: provenance.dataClass,
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
            case .expression(let e): (unit, origin) = (nil, .expression(e, of: e.propertyNames.map { names.firstIndex(of: $0)! }))
            }
            let hasSpread = surrogates[p.name] != nil
            result.append(.init(definition: PropertyDefinition(name: p.name, unit: unit, hasSpread: hasSpread), origin: origin))
        }
        if hasSurrogates {
            let all = plan.properties.compactMap { surrogates[$0.name] }
            result.append(.init(definition: PropertyDefinition(name: knownPropertyName), origin: .known(all)))
        }
        return result
    }

    /// Filters in the order that they run: by stage, in plan order within a stage.
    private func steps(_ properties: [CandidatePipeline.Property]) -> [CandidatePipeline.Step] {
        let made = plan.filters.map { f in
            let at = f.filter.requiredProperties.map { name in properties.firstIndex { $0.definition.name == name }! }
            let isColumn = at.allSatisfy { if case .column = properties[$0].origin { true } else { false } }
            let stage: FilterStage = at.isEmpty ? .composition : isColumn ? .columns : .predictions
            return CandidatePipeline.Step(name: f.name, stage: stage, filter: f.filter, properties: at)
        }
        return FilterStage.allCases.flatMap { stage in made.filter { $0.stage == stage } }
    }
}

extension MatSieveError {
    /// The same error with the file it stands in.
    func at(_ file: String) -> MatSieveError { MatSieveError(kind, "\(file), \(message)") }
}
