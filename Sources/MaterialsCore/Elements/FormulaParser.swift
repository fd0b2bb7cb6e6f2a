/// Reads chemical formulas from bytes, with scratch memory that is used again.
///
///     formula := unit (('·' | '*') unit)* charge?
///     unit    := amount? (element amount? | bracket formula bracket amount?)+
///     charge  := '^' n±  |  '(' n± ')'  |  ' ' n±          at the end
///
/// - Input: UTF-8. Brackets `()`, `[]`, `{}` nest. Amounts are decimals, also in unicode subscripts; `.` is always a decimal point.
///   Spaces separate; a number after a space is an amount only if a space or the end follows it. D and T count as H.
/// - Output: elements in ascending atomic number, repeated ones added up in the order of the text; elements of amount 0 are left out.
/// - Errors: `FormulaError` for all else: unknown symbols, signs, variables, exponents, unbalanced brackets, nothing or only zeros.
/// - Cost: about 50 ns for a plain formula (elements and amounts without brackets), some 200 ns otherwise; linear in the length.
public struct FormulaParser: Sendable {
    /// Atomic numbers of the last formula that `parse` read, ascending.
    public private(set) var atomicNumbers: [UInt8] = []
    /// Amounts beside `atomicNumbers`.
    public private(set) var amounts: [Double] = []
    /// Warnings of the last formula read.
    public internal(set) var warnings: [FormulaWarning] = []
    /// Charge of the last formula read; nil where it states none. It is no part of the composition.
    public internal(set) var charge: Int?

    private let plainSymbols = SymbolTable.atomicNumbers
    var general = GeneralFormula()

    /// A parser with no scratch memory yet.
    public init() {}

    /// Reads a formula into `atomicNumbers`, `amounts`, `warnings` and `charge`.
    public mutating func parse(_ text: Span<UInt8>) throws(FormulaError) {
        var (z, x) = (atomicNumbers, amounts)
        (atomicNumbers, amounts) = ([], [])
        z.removeAll(keepingCapacity: true)
        x.removeAll(keepingCapacity: true)
        try append(text, atomicNumbers: &z, amounts: &x)
        (atomicNumbers, amounts) = (z, x)
    }

    /// Reads a formula and adds its elements to a batch's arrays, which stay as they are where it cannot be read.
    public mutating func append(
        _ text: Span<UInt8>, atomicNumbers: inout [UInt8], amounts: inout [Double]
    ) throws(FormulaError) {
        if !warnings.isEmpty { warnings.removeAll(keepingCapacity: true) }
        charge = nil
        if appendPlain(text, &atomicNumbers, &amounts) { return }
        try general.read(text)
        general.append(to: &atomicNumbers, &amounts)
        (warnings, charge) = (general.warnings, general.charge)
    }

    /// Most elements that the quick way takes.
    private static var plainCapacity: Int { 12 }

    /// The quick way for elements and amounts alone; false, and nothing added, for anything else.
    private func appendPlain(_ text: Span<UInt8>, _ atomicNumbers: inout [UInt8], _ amounts: inout [Double]) -> Bool {
        let table = plainSymbols.span
        let end = text.count
        var z = InlineArray<12, UInt8>(repeating: 0)
        var x = InlineArray<12, Double>(repeating: 0)
        var n = 0
        var i = 0
        while i < end {
            guard n < Self.plainCapacity, let symbol = Self.symbol(text, &i, table) else { return false }
            guard let amount = Self.amount(text, &i) else { return false }
            var at = n
            while at > 0, z[at - 1] > symbol { at -= 1 }
            if at > 0, z[at - 1] == symbol {
                x[at - 1] += amount
                continue
            }
            var move = n
            while move > at {
                z[move] = z[move - 1]
                x[move] = x[move - 1]
                move -= 1
            }
            z[at] = symbol
            x[at] = amount
            n += 1
        }
        if n == 0 { return false }
        for k in 0..<n {
            atomicNumbers.append(z[k])
            amounts.append(x[k])
        }
        return true
    }

    @inline(__always)
    private static func symbol(_ text: Span<UInt8>, _ i: inout Int, _ table: Span<UInt8>) -> UInt8? {
        let first = text[i] &- UInt8(ascii: "A")
        if first >= 26 { return nil }
        var key = Int(first) << 5
        i += 1
        if i < text.count, text[i] &- UInt8(ascii: "a") < 26 {
            key |= Int(text[i] & 31)
            i += 1
        }
        let z = table[key]
        return z == 0 ? nil : z
    }

    /// The amount at `i`, 1 where there is none; nil where it takes a closer look.
    @inline(__always)
    private static func amount(_ text: Span<UInt8>, _ i: inout Int) -> Double? {
        if i == text.count { return 1 }
        var digit = text[i] &- UInt8(ascii: "0")
        if digit >= 10 { return text[i] == UInt8(ascii: ".") ? nil : 1 }
        let start = i
        var mantissa: UInt64 = 0
        repeat {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            i += 1
            digit = i < text.count ? text[i] &- UInt8(ascii: "0") : 255
        } while digit < 10
        if i < text.count, text[i] == UInt8(ascii: ".") { return decimal(text, &i, start: start, whole: mantissa) }
        return mantissa == 0 || i - start > 9 ? nil : Double(mantissa)
    }

    private static func decimal(_ text: Span<UInt8>, _ i: inout Int, start: Int, whole: UInt64) -> Double? {
        var mantissa = whole
        let point = i
        i += 1
        while i < text.count, text[i] &- UInt8(ascii: "0") < 10 {
            mantissa = mantissa &* 10 &+ UInt64(text[i] &- UInt8(ascii: "0"))
            i += 1
        }
        let places = i - point - 1
        // A whole part and a letter that starts a solvent: the other way knows whether to warn.
        let unitMayFollow = whole != 0 && i < text.count && (text[i] == UInt8(ascii: "H") || text[i] == UInt8(ascii: "N"))
        if mantissa == 0 || places == 0 || i - start > 15 || point - start > 9 || unitMayFollow { return nil }
        return Double(mantissa) / powersOfTen[places]
    }

    /// Powers of ten that a double holds exactly, up to 10^22.
    static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}

/// Atomic numbers by symbol: index 32 × (first letter from A) + (second letter, a is 1; 0 for none); 0 where there is no such element.
enum SymbolTable {
    static let atomicNumbers: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 26 * 32)
        for (z, symbol) in Element.symbols.enumerated().dropFirst() {
            let letters = Array(symbol.utf8)
            table[Int(letters[0] - UInt8(ascii: "A")) << 5 | (letters.count > 1 ? Int(letters[1] & 31) : 0)] = UInt8(z)
        }
        return table
    }()
}
