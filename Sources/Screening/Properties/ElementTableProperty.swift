import MaterialsCore
import Supply

/// A number from a table of elements: `{element_table: hhi_production, combine: mass_weighted_mean}`.
///
/// A table of the user's own stands as `{element_table: {file: prices.csv, column: usd_per_kg, date: 2026-10-01}}`. A list with elements
/// in review also gives `<name>_review`, their share of the mass.
struct ElementTableProperty: PropertyKind {
    static let name = "element_table"
    static let summary = "mean, extreme or share of the mass from a table of elements: supply, regulation, footprint, prices"
    static let example = "{element_table: hhi_production, combine: mass_weighted_mean}"

    private enum Table {
        case known(ElementTable)
        case own(OwnElementTable)
    }

    private let table: Table
    private let combination: ElementCombination
    private let missing: MissingElements

    init(_ settings: inout Settings, of property: PropertyHead) throws {
        let given = settings.setting("element_table")!
        if case .mapping = given.value {
            table = .own(try OwnElementTable(given))
        } else {
            let name = try settings.requiredText("element_table")
            table = .known(try ElementTableRegistry.table(named: name, line: given.line))
        }
        missing = try settings.choice("missing", default: .unknown)
        var isList = false
        if case .known(let known) = table { isList = known.kind == .list }
        combination = try settings.choice("combine", default: isList ? .massFraction : .massWeightedMean)
        do { try checkCombination() } catch let e as MatSieveError { throw Settings.error(settings.line(of: "combine"), e.message) }
    }

    private func checkCombination() throws {
        if case .known(let known) = table { _ = try ElementAggregate(table: known, combination: combination) }
        if case .own = table, combination.kind == .list {
            throw MatSieveError.usage("'\(combination.rawValue)' is for lists; a table of numbers takes mass_weighted_mean, maximum, …")
        }
    }

    /// The share of a list's elements in review; what a filter by lists adds of itself.
    init(reviewOf table: ElementTable) {
        (self.table, combination, missing) = (.known(table), .reviewMassFraction, .unknown)
    }

    var furtherColumns: [String] {
        guard case .known(let known) = table, combination != .reviewMassFraction, !known.reviewElements.isEmpty else { return [] }
        return ["review"]
    }

    /// The list whose elements in review it shows; nil where it shows none.
    var reviewedList: String? {
        guard case .known(let known) = table, combination == .reviewMassFraction || !furtherColumns.isEmpty else { return nil }
        return known.name
    }

    func check(_ context: PropertyContext) throws {
        if case .own(let own) = table { try own.check(context) }
    }

    func open(_ context: PropertyContext) throws -> OpenedProperty {
        let role = "element table of \(context.name)"
        let opened: (table: ElementTable, input: RunDescription.Input) =
            switch table {
            case .known(let known): (known, known.input(role: role))
            case .own(let own): try own.open(context, role: role)
            }
        let aggregate = try ElementAggregate(table: opened.table, combination: combination, missing: missing)
        let review = furtherColumns.isEmpty ? nil : try ElementAggregate(table: opened.table, combination: .reviewMassFraction)
        return OpenedProperty(computation: ElementTableComputation(aggregate: aggregate, review: review), files: [opened.input])
    }
}

private struct ElementTableComputation: PropertyComputation {
    let aggregate: ElementAggregate
    let review: ElementAggregate?

    func columns(inputs: [PropertyDefinition]) -> [PropertyColumn] {
        [PropertyColumn(unit: aggregate.unit)] + (review == nil ? [] : [PropertyColumn()])
    }

    func values(of batch: CandidateBatch, inputs: [PropertyValues], cache: inout FeatureCache) -> ComputedColumns {
        let shares = review?.values(for: batch)
        var result = ComputedColumns(
            [PropertyValues(values: aggregate.values(for: batch))] + (shares.map { [PropertyValues(values: $0)] } ?? []))
        let name = "\(aggregate.table.name) (\(aggregate.table.edition))"
        result.remarks = [
            ("with an element that \(name) has no value of", aggregate.incompleteRows(of: batch)),
            ("with an element in review by \(name)", shares?.count { $0 > 0 } ?? 0),
        ].filter { $0.rows > 0 }
        return result
    }
}

extension ElementTable {
    /// The table as an input of a run, so that report and manifest tell which edition decided.
    func input(role: String) -> RunDescription.Input {
        let content = ([name, edition, unit ?? ""] + values.map { "\($0)" } + forms.map { "\($0.text) \($0.effect) \($0.limit ?? -1)" })
        return RunDescription.Input(
            role: role, path: name, sha256: SHA256.hash(Array(content.joined(separator: "\n").utf8)), dataClass: .open, license: license,
            source: "\(source); \(edition)")
    }
}
