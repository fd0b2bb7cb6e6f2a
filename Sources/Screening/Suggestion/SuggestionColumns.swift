import MaterialsCore
import Selection

/// Which columns of a candidates file are searched by, measured, and passed on to the proposals.
struct SuggestionColumns: Sendable {
    /// Searched by.
    let descriptors: [String]
    /// Measured, in the order of the file; each is a goal, a bound or both.
    let measured: [String]
    /// Places among `measured` that are to be improved, with true for more.
    let goals: [(place: Int, maximize: Bool)]
    /// Bounds beside their places among `measured`.
    let bounds: [(place: Int, constraint: WrittenConstraint)]
    /// Cost of a measurement.
    let cost: String?
    /// Columns of the proposals behind `actions`.
    let passedOn: [CandidateColumn]
    /// True for a store, whose proposals carry the id too.
    let isStore: Bool

    /// Labels, never descriptors unless asked for.
    static let labels = ["id", "material_id", "formula", "composition", "cif", "poscar", "structure"]

    /// Sorts the columns of a file.
    /// - Errors: `.usage` for columns that are not there or asked to be two things.
    init(_ request: SuggestionRequest) throws {
        let path = request.candidates
        let names = try CandidateInput.columnNames(path, format: request.format)
        var kinds: [String: ColumnKind] = [:]
        for name in names {
            kinds[name] = try CandidateInput.storedKind(ofColumn: name, in: path, format: request.format)
        }
        isStore = !kinds.isEmpty
        measured = try Self.measured(request, names, isStore: isStore)
        let constraints = try request.constraints.map { try WrittenConstraint($0) }
        for name in request.minimize + constraints.map(\.column) where !measured.contains(name) {
            throw MatSieveError.usage(
                "'\(name)' is not one of the \(measured.count) objective columns of \(path)" + suggestion(for: name, among: measured))
        }
        let measured = measured
        bounds = constraints.map { c in (measured.firstIndex(of: c.column)!, c) }
        let onlyBound = Set(constraints.map(\.column)).subtracting(request.minimize)
        goals = measured.indices.filter { !onlyBound.contains(measured[$0]) }.map { ($0, !request.minimize.contains(measured[$0])) }
        cost = request.cost
        for name in request.descriptors + [request.cost].compactMap(\.self) {
            guard names.contains(name) else {
                throw MatSieveError.usage("\(path): has no column '\(name)'" + suggestion(for: name, among: names))
            }
            guard !measured.contains(name) else {
                throw MatSieveError.usage("'\(name)' is an objective; it cannot be searched by, or be the cost")
            }
        }
        let others = names.filter { !measured.contains($0) }
        let numeric = others.filter { name in
            name != request.cost && !Self.labels.contains(name.lowercased()) && kinds[name] != .text
        }
        descriptors = request.descriptors.isEmpty ? numeric : request.descriptors
        guard !descriptors.isEmpty else {
            throw MatSieveError.usage("\(path): no column is left to search by; give fewer --objectives, or --descriptors")
        }
        passedOn = others.map { CandidateColumn(name: $0, kind: kinds[$0] ?? .text) }
    }

    private static func measured(_ request: SuggestionRequest, _ names: [String], isStore: Bool) throws -> [String] {
        switch request.objectives {
        case .named(let wanted):
            for name in wanted where !names.contains(name) {
                throw MatSieveError.usage("\(request.candidates): has no column '\(name)'" + suggestion(for: name, among: names))
            }
            return names.filter { wanted.contains($0) }
        case .last(let count):
            guard !isStore || count == 0 else {
                throw MatSieveError.usage(
                    "\(request.candidates): columns of a store have no order; name them, as in --objectives \(names.last ?? "gap")")
            }
            guard count < names.count else {
                throw MatSieveError.usage(
                    "\(request.candidates): --objectives \(count) leaves none of its \(names.count) columns to search by")
            }
            return Array(names.suffix(count))
        }
    }

    /// Opens the file for the search: descriptors, then measured columns, then the cost, all as numbers.
    func openForSearch(_ request: SuggestionRequest) throws -> any CandidateSource {
        try open(request, (descriptors + measured + [cost].compactMap(\.self)).map { CandidateColumn(name: $0, kind: .numeric) })
    }

    /// Opens the file for what is passed on.
    func openForProposals(_ request: SuggestionRequest) throws -> any CandidateSource { try open(request, passedOn) }

    private func open(_ request: SuggestionRequest, _ columns: [CandidateColumn]) throws -> any CandidateSource {
        var table = TableRequest(columns: columns)
        (table.formulaIsOptional, table.readsStructures, table.readsFormulas) = (true, false, false)
        return try CandidateInput.open(request.candidates, format: request.format, request: table)
    }
}
