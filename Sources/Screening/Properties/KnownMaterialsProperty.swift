import MaterialsCore

/// 1 for candidates that a given set holds already, 0 for new ones: `{known_materials: mp.csv, by: composition}`.
struct KnownMaterialsProperty: PropertyKind {
    static let name = "known_materials"
    static let summary = "1 where a set of known materials holds the candidate, by composition or structure"
    static let example = "{known_materials: mp.csv, by: composition}"

    private let file: String
    private let identity: MaterialIdentity
    private let format: String?
    private let keys: KeyColumns
    private let dataClass: DataClass?

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        file = try settings.requiredText(Self.name)
        identity = try settings.choice("by", default: .composition)
        format = try settings.text("format")
        keys = try KeyColumns(&settings)
        dataClass = try DataClass(given: &settings)
    }

    func check(_ context: PropertyContext) throws {
        _ = try CandidateInput.columnNames(context.resolve(file), format: format)
    }

    func needs(_ context: PropertyContext) -> CandidateNeeds {
        CandidateNeeds(structuresFor: identity == .structure ? [Self.name] : [])
    }

    func open(_ context: PropertyContext) throws -> OpenedProperty {
        let request = keys.request([], structures: identity == .structure)
        let source = try CandidateInput.open(context.resolve(file), format: format, request: request)
        if identity == .structure, !source.schema.hasStructures {
            throw context.error("\(file) has no structures to compare with; name the column that holds them, or compare by composition")
        }
        let known = try KnownMaterials(source, by: identity, workers: context.workers)
        let input = try context.input(source, file: file, role: "known materials of \(context.name)", dataClass: dataClass)
        return OpenedProperty(computation: KnownMaterialsComputation(known: known), files: [input], notes: known.notes)
    }
}

/// What makes two materials one.
enum MaterialIdentity: String, CaseIterable, Sendable { case composition, structure }

private struct KnownMaterialsComputation: PropertyComputation {
    let known: KnownMaterials

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] { [PropertyColumn()] }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        var values = [Double](repeating: 0, count: batch.count)
        var defects: [(row: Int, defect: CandidateDefect)] = []
        for row in 0..<batch.count {
            do throws(CandidateDefect) {
                let structure = batch.structures?[row]
                values[row] = try known.contains(batch.composition(row), structure) ? 1 : 0
            } catch {
                values[row] = .nan
                defects.append((row, error))
            }
        }
        return ComputedColumns([PropertyValues(values: values)], defects: defects)
    }
}
