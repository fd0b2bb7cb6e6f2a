import MaterialsCore
import Symmetry

/// What a data block says of cell, symmetry and atoms; one pass over its bytes.
///
/// Anything else is passed over, whatever the number of a loop's values and even where a quote is left open. Frames (`save_`) are, too.
struct CIFBlock {
    /// Most operators that a list may have.
    static let mostOperators = 4096

    /// Without `data_`; empty where the bytes have none.
    private(set) var name = 0..<0
    private(set) var lengths = SIMD3<Double>(repeating: .nan)
    private(set) var degrees = SIMD3<Double>(repeating: .nan)
    private(set) var operators: [SymmetryOperation] = []
    private(set) var magneticOperators: [SymmetryOperation] = []
    private(set) var magneticCenterings: [SymmetryOperation] = []
    private(set) var crystalSystem = 0..<0
    private(set) var hallSymbol = 0..<0
    private(set) var symbol = 0..<0
    private(set) var settingCode = 0..<0
    private(set) var magneticGroup = 0..<0
    private(set) var number = 0
    private(set) var modulationDimension = 0
    var atoms = CIFAtoms()

    private var tokenizer = CIFTokenizer()
    private var hasBegun = false

    init(_ bytes: Span<UInt8>) throws(CIFDefect) {
        var token = try tokenizer.next(bytes)
        var hasSingleAtom = false
        while token.kind != .end {
            switch token.kind {
            case .block:
                if hasBegun { throw CIFDefect("bad-syntax", "a second data block begins within a line", at: token.start) }
                hasBegun = true
                name = min(token.start + 5, token.end)..<token.end
                token = try tokenizer.next(bytes)
            case .frame: token = try skipFrame(bytes)
            case .loop: token = try readLoop(bytes)
            case .tag:
                let tag = CIFTag.of(bytes, token.range)
                token = try tokenizer.next(bytes)
                if tag.isOfAtoms { (atoms.isMentioned, hasSingleAtom) = (true, hasSingleAtom || token.isValue) }
                guard token.isValue else { continue }
                try set(tag, token, bytes)
                token = try tokenizer.next(bytes)
            default: token = try tokenizer.next(bytes)
            }
        }
        if hasSingleAtom, atoms.count == 0 { try atoms.endRow(bytes) }
    }

    private mutating func skipFrame(_ bytes: Span<UInt8>) throws(CIFDefect) -> CIFToken {
        var token = try tokenizer.next(bytes)
        while token.kind != .frameEnd, token.kind != .end, token.kind != .block { token = try tokenizer.next(bytes) }
        return token.kind == .frameEnd ? try tokenizer.next(bytes) : token
    }

    /// Takes a value that stands alone, or that of a loop.
    private mutating func set(_ tag: CIFTag, _ token: CIFToken, _ bytes: Span<UInt8>) throws(CIFDefect) {
        if tag == .other { return }
        if token.kind == .openQuote { throw Self.openQuote(token) }
        switch tag {
        case .lengthA: lengths.x = try CIFNumber.read(bytes, token) ?? .nan
        case .lengthB: lengths.y = try CIFNumber.read(bytes, token) ?? .nan
        case .lengthC: lengths.z = try CIFNumber.read(bytes, token) ?? .nan
        case .angleAlpha: degrees.x = try CIFNumber.read(bytes, token) ?? .nan
        case .angleBeta: degrees.y = try CIFNumber.read(bytes, token) ?? .nan
        case .angleGamma: degrees.z = try CIFNumber.read(bytes, token) ?? .nan
        case .operation: try Self.addOperator(to: &operators, token, bytes)
        case .magneticOperation: try Self.addOperator(to: &magneticOperators, token, bytes)
        case .magneticCentering: try Self.addOperator(to: &magneticCenterings, token, bytes)
        case .crystalSystem: crystalSystem = token.range
        case .hallSymbol: Self.keep(&hallSymbol, token, bytes)
        case .symbol: Self.keep(&symbol, token, bytes)
        case .settingCode: Self.keep(&settingCode, token, bytes)
        case .magneticGroup: Self.keep(&magneticGroup, token, bytes)
        case .number: number = Self.whole(bytes, token)
        case .modulation: modulationDimension = Self.whole(bytes, token)
        default: try atoms.set(tag, token, bytes)
        }
    }

    private static func keep(_ range: inout Range<Int>, _ token: CIFToken, _ bytes: Span<UInt8>) {
        if !CIFNumber.isMissing(bytes, token) { range = token.range }
    }

    private static func whole(_ bytes: Span<UInt8>, _ token: CIFToken) -> Int {
        (try? CIFNumber.read(bytes, token)).flatMap { Int(exactly: $0.rounded()) } ?? 0
    }

    private static func addOperator(to list: inout [SymmetryOperation], _ token: CIFToken, _ bytes: Span<UInt8>) throws(CIFDefect) {
        if CIFNumber.isMissing(bytes, token) { return }
        guard let operation = SymmetryOperation(xyz: bytes.extracting(token.range)) else {
            throw CIFDefect(
                "bad-operator", "'\(TextBytes.clipped(bytes.extracting(token.range)))' is no symmetry operator", at: token.start)
        }
        if list.count == mostOperators {
            throw CIFDefect("too-many-operators", "more than \(mostOperators) symmetry operators", at: token.start)
        }
        list.append(operation)
    }

    /// Reads a loop and returns what follows it.
    private mutating func readLoop(_ bytes: Span<UInt8>) throws(CIFDefect) -> CIFToken {
        var columns: [CIFTag] = []
        var (isOfAtoms, isOfSymmetry) = (false, false)
        var token = try tokenizer.next(bytes)
        let start = token.start
        while token.kind == .tag {
            let tag = CIFTag.of(bytes, token.range)
            columns.append(tag)
            if tag.isOfAtoms { isOfAtoms = true } else if tag != .other { isOfSymmetry = true }
            token = try tokenizer.next(bytes)
        }
        if isOfAtoms { return try readAtoms(bytes, columns, token) }
        var column = 0
        while token.isValue {
            if isOfSymmetry {
                try set(columns[column], token, bytes)
                column = column + 1 == columns.count ? 0 : column + 1
            }
            token = try tokenizer.next(bytes)
        }
        if column != 0 { throw Self.ragged(columns.count, at: start) }
        return token
    }

    private static func openQuote(_ token: CIFToken) -> CIFDefect {
        CIFDefect("unterminated-quote", "a quoted value does not end in its line", at: token.start)
    }

    private static func ragged(_ columns: Int, at start: Int) -> CIFDefect {
        CIFDefect("ragged-loop", "the values of a loop are no multiple of its \(columns) names", at: start)
    }

    private mutating func readAtoms(_ bytes: Span<UInt8>, _ columns: [CIFTag], _ first: CIFToken) throws(CIFDefect) -> CIFToken {
        atoms.isMentioned = true
        var token = first
        // Only a list with positions is the list of atoms.
        let isList = columns.contains { $0 == .x || $0 == .cartesianX }
        if isList, atoms.count > 0 { throw CIFDefect("repeated-loop", "a second list of atoms", at: first.start) }
        var column = 0
        while token.isValue {
            if token.kind == .openQuote { throw Self.openQuote(token) }
            if isList, columns[column] != .other { try atoms.set(columns[column], token, bytes) }
            column += 1
            if column == columns.count {
                if isList { try atoms.endRow(bytes) }
                column = 0
            }
            token = try tokenizer.next(bytes)
        }
        if column != 0 { throw Self.ragged(columns.count, at: first.start) }
        return token
    }
}
