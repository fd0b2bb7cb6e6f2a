import MaterialsCore

/// Where the records of a JSON stream are.
struct JSONLayout: Sendable {
    /// Names of members by which an object is known as a record.
    var recordNames: [StaticString]
    /// Names of members of an object whose array holds the records.
    var listNames: [StaticString]
    /// True where rows of a table (`columns`, `data`) are records.
    var readsTables: Bool
    /// True for objects that are no records: headers of a stream.
    var isHeader: @Sendable ([UInt8]) -> Bool = { _ in false }
}

/// Cuts a JSON stream into records: elements of an array, lines, rows of a table, or the one value that there is.
final class JSONRecordReader: StructureRecordReader {
    private enum Place {
        case between
        case inArray(isInObject: Bool)
        case ended
    }

    private var scanner: JSONStreamScanner
    private let layout: JSONLayout
    private let isLines: Bool
    private var place = Place.between
    private var table: JSONTableColumns?
    private var row = 0

    init(_ input: ByteInput, _ layout: JSONLayout) throws {
        scanner = try JSONStreamScanner(input)
        self.layout = layout
        let name = input.path.lowercased()
        isLines = [".jsonl", ".ndjson"].contains { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") }
        try scanner.passByteOrderMark()
    }

    func next() throws -> StructureRecord? {
        while let record = try cut() { if !layout.isHeader(record.bytes) { return record } }
        return nil
    }

    private func cut() throws -> StructureRecord? {
        while true {
            switch place {
            case .ended: return nil
            case .between: if let record = try between() { return record }
            case .inArray(let isInObject): if let record = try element(isInObject) { return record }
            }
        }
    }

    /// At the begin of the stream, or behind a value.
    private func between() throws -> StructureRecord? {
        scanner.forget()
        guard let byte = try failing({ try scanner.peek() }) else {
            place = .ended
            return nil
        }
        if isLines { return try line() }
        if byte == UInt8(ascii: "[") {
            scanner.pass()
            (place, table) = (.inArray(isInObject: false), nil)
            return nil
        }
        guard byte == UInt8(ascii: "{") else { throw broken("neither an object nor an array begins here") }
        return try object()
    }

    private func line() throws -> StructureRecord {
        let start = scanner.at
        try failing { try scanner.passLine() }
        return record(from: start)
    }

    /// An element of the array that is open; nil at its end.
    private func element(_ isInObject: Bool) throws -> StructureRecord? {
        scanner.forget()
        var byte = try requireByte()
        if byte == UInt8(ascii: ",") {
            scanner.pass()
            byte = try requireByte()
        }
        if byte == UInt8(ascii: "]") {
            scanner.pass()
            if isInObject { try failing { try scanner.passRestOfContainer() } }
            place = .between
            return nil
        }
        return try value()
    }

    /// An object that is a record, or a list or table of records.
    private func object() throws -> StructureRecord? {
        let start = scanner.at
        scanner.pass()
        var columns: [UInt8]?
        var labels: [UInt8]?
        while true {
            var byte = try requireByte()
            if byte == UInt8(ascii: ",") {
                scanner.pass()
                byte = try requireByte()
            }
            if byte == UInt8(ascii: "}") {
                scanner.pass()
                return record(from: start)
            }
            let name = try name(byte)
            if isOne(of: layout.recordNames, name) {
                try failing { try scanner.passRestOfContainer() }
                return record(from: start)
            }
            let first = try requireByte()
            if isOne(of: layout.listNames, name), try opensList(first, isTable: columns != nil) {
                table = columns.map { JSONTableColumns($0, labels: labels) }
                (place, row) = (.inArray(isInObject: true), 0)
                return nil
            }
            let valueStart = scanner.at
            try failing { try scanner.passValue() }
            guard layout.readsTables, first == UInt8(ascii: "[") else { continue }
            if isOne(of: ["columns"], name) { columns = Array(scanner.bytes(from: valueStart)) }
            if isOne(of: ["index"], name) { labels = Array(scanner.bytes(from: valueStart)) }
        }
    }

    /// Passes the bracket of an array whose first element may be a record; a single record in its place is its own list.
    private func opensList(_ first: UInt8, isTable: Bool) throws -> Bool {
        guard first == UInt8(ascii: "[") else { return false }
        let start = scanner.at
        scanner.pass()
        let inner = try requireByte()
        if inner == UInt8(ascii: "{") || inner == UInt8(ascii: "]") || isTable && inner == UInt8(ascii: "[") { return true }
        scanner.back(to: start)
        return false
    }

    /// Passes a member's name and the colon; the bytes between the quotes.
    private func name(_ byte: UInt8) throws -> ArraySlice<UInt8> {
        guard byte == UInt8(ascii: "\"") else { throw broken("a name in quotes is missing") }
        let start = scanner.at
        try failing { try scanner.passValue() }
        let name = scanner.bytes(from: start).dropFirst().dropLast()
        guard try requireByte() == UInt8(ascii: ":") else { throw broken("a colon is missing") }
        scanner.pass()
        return name
    }

    private func isOne(of names: [StaticString], _ name: ArraySlice<UInt8>) -> Bool {
        names.contains { JSONBytes.equal(name.span, 0..<name.count, $0) }
    }

    private func requireByte() throws -> UInt8 { try failing { try scanner.require() } }

    private func value() throws -> StructureRecord {
        let start = scanner.at
        try failing { try scanner.passValue() }
        return record(from: start)
    }

    /// Behind what is broken nothing is read.
    private func failing<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch {
            place = .ended
            throw error
        }
    }

    private func broken(_ what: String) -> CandidateDefect {
        place = .ended
        return CandidateDefect("bad-json", "line \(scanner.line): no sound JSON: \(what)")
    }

    private func record(from start: Int) -> StructureRecord {
        let (bytes, line) = scanner.take(from: start)
        guard let table, case .inArray = place else { return StructureRecord(bytes: bytes, line: line) }
        defer { row += 1 }
        return StructureRecord(bytes: bytes, line: line, label: table.label(row), context: table)
    }
}
