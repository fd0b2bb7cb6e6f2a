import MaterialsCore
import Selection

/// Puts a pipeline together from opened properties: gives every column its place, and every computation the places that it needs.
///
/// Columns of the outputs: those of the candidates that the plan uses, the properties, their further columns, what models know.
struct PipelineAssembly {
    let plan: ScreeningPlan
    /// Numeric columns of the candidates that the plan computes with.
    let columns: [CandidateColumn]
    /// Schemas of the sources, which tell the units of those.
    let schemas: [CandidateSchema]
    /// Text columns that all batches carry.
    let texts: [String]
    let names: ComputedNames
    /// Beside the properties of the plan.
    let opened: [OpenedProperty]

    func pipeline() throws -> CandidatePipeline {
        let outputNames = columns.map(\.name) + names.all
        let places = Dictionary(outputNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let computations = columns.indices.map(column) + planned(places) + known(places)
        let properties = try properties(outputNames, computations)
        return CandidatePipeline(
            properties: properties, computations: computations, steps: try steps(properties, computations, places),
            ranked: RankedValues(plan.ranking, properties: outputNames, texts: texts))
    }

    // MARK: Computations

    private func column(_ i: Int) -> CandidatePipeline.Computation {
        let name = columns[i].name
        let unit = schemas.lazy.flatMap(\.numeric).first { $0.name == name }?.unit
        return .init(part: InputColumn(name: name, unit: unit), inputs: [], outputs: [i])
    }

    private func planned(_ places: [String: Int]) -> [CandidatePipeline.Computation] {
        plan.properties.indices.map { i in
            .init(
                part: opened[i].computation, inputs: plan.properties[i].kind.inputs.map { places[$0]! },
                outputs: ([names.properties[i]] + names.further[i]).map { places[$0]! })
        }
    }

    private func known(_ places: [String: Int]) -> [CandidatePipeline.Computation] {
        names.known.map { known in
            let surrogates = known.properties.compactMap { (opened[$0].computation as? SurrogateComputation)?.surrogate }
            return .init(part: KnownFlags(surrogates: surrogates), inputs: [], outputs: [places[known.name]!])
        }
    }

    // MARK: Properties

    /// Definitions of all columns, each after those that it is computed from.
    private func properties(
        _ names: [String], _ computations: [CandidatePipeline.Computation]
    ) throws -> [CandidatePipeline.Property] {
        var result = [CandidatePipeline.Property?](repeating: nil, count: names.count)
        func define(_ c: Int) throws {
            let computation = computations[c]
            if result[computation.outputs[0]] != nil { return }
            for input in computation.inputs where result[input] == nil {
                try define(computations.firstIndex { $0.outputs.contains(input) }!)
            }
            let columns = try computation.part.columns(inputs: computation.inputs.map { result[$0]!.definition })
            precondition(columns.count == computation.outputs.count)
            for (place, column) in zip(computation.outputs, columns) {
                let definition = PropertyDefinition(name: names[place], unit: column.unit, hasSpread: column.hasSpread)
                result[place] = .init(definition: definition, classes: column.classes, computation: c)
            }
        }
        for c in computations.indices { try define(c) }
        return result.map { $0! }
    }

    // MARK: Steps

    /// Filters in the order that they run: by stage, in plan order within a stage.
    private func steps(
        _ properties: [CandidatePipeline.Property], _ computations: [CandidatePipeline.Computation], _ places: [String: Int]
    ) throws -> [CandidatePipeline.Step] {
        let made = try plan.filters.map { f in
            let at = f.filter.requiredProperties.map { places[$0]! }
            let isColumn = at.allSatisfy { computations[properties[$0].computation].part is InputColumn }
            let stage: FilterStage = at.isEmpty ? .composition : isColumn ? .columns : .predictions
            let filter = try f.filter.resolvingClasses { c in
                guard let classes = places[c.property].map({ properties[$0].classes }), !classes.isEmpty else { return .nan }
                return Double(try classCode(of: c.name, among: classes, property: c.property))
            }
            return CandidatePipeline.Step(name: f.name, stage: stage, filter: filter, properties: at)
        }
        return FilterStage.allCases.flatMap { stage in made.filter { $0.stage == stage } }
    }
}
