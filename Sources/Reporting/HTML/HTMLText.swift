import Foundation
import MaterialsCore

/// Text as it may stand in HTML, and numbers as people read them.
enum HTMLText {
    /// Text with all that has a meaning in HTML escaped; control characters become U+FFFD.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\n", "\t": out.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value): out += "\u{fffd}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// A formula, its amounts as subscripts: numbers after a symbol or a closing bracket.
    static func formula(_ text: String) -> String {
        formulaParts(text).map { $0.isAmount ? "<sub>\($0.text)</sub>" : escaped($0.text) }.joined()
    }

    /// A formula with subscript characters, for places that take no markup; not escaped.
    static func plainFormula(_ text: String) -> String {
        func lowered(_ digits: String) -> String {
            String(String.UnicodeScalarView(digits.unicodeScalars.map { $0 == "." ? $0 : Unicode.Scalar($0.value - 0x30 + 0x2080)! }))
        }
        return formulaParts(text).map { $0.isAmount ? lowered($0.text) : $0.text }.joined()
    }

    /// Cuts a formula into amounts and what stands between them.
    private static func formulaParts(_ text: String) -> [(text: String, isAmount: Bool)] {
        var parts: [(text: String, isAmount: Bool)] = []
        var followsSymbol = false
        for c in text {
            let isInAmount = parts.last?.isAmount == true
            let isAmount = ("0"..."9").contains(c) && (followsSymbol || isInAmount) || c == "." && isInAmount
            if let last = parts.last, last.isAmount == isAmount {
                parts[parts.count - 1].text.append(c)
            } else {
                parts.append((String(c), isAmount))
            }
            followsSymbol = c.isLetter || c == ")" || c == "]" || c == "}"
        }
        return parts
    }

    /// A count with thousands apart: 85,014.
    static func count(_ n: Int) -> String {
        var digits = String(n.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (n < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// A value to four significant digits; missing is a dash.
    static func number(_ value: Double?, digits: Int = 4) -> String {
        guard let value, !value.isNaN else { return "–" }
        if value.isInfinite { return value < 0 ? "−∞" : "∞" }
        if value == 0 { return "0" }
        if value == value.rounded(), abs(value) < 1e6 { return minus(String(Int(value))) }
        let exponent = decimalExponent(value, digits: digits)
        if exponent < -4 || exponent >= 7 { return scientific(value, digits: digits) }
        return fixed(value, decimals: max(0, digits - 1 - exponent))
    }

    /// A value with as many decimals as its standard deviation, itself given to two digits, supports.
    static func number(_ value: Double?, spread: Double?) -> String {
        guard let value, let spread, value.isFinite, spread.isFinite, spread > 0 else { return number(value) }
        let decimals = max(0, 1 - decimalExponent(spread, digits: 2))
        if decimals > 8 || max(abs(value), spread) >= 1e7 { return "\(number(value)) ± \(number(spread, digits: 2))" }
        return "\(fixed(value, decimals: decimals)) ± \(fixed(spread, decimals: decimals))"
    }

    /// Power of ten of the value after rounding to `digits`.
    private static func decimalExponent(_ value: Double, digits: Int) -> Int {
        let text = String(format: "%.\(digits - 1)e", abs(value))
        return text.split(separator: "e").last.flatMap { Int($0) } ?? 0
    }

    private static func scientific(_ value: Double, digits: Int) -> String {
        let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
        return minus(String(parts[0])) + " × 10<sup>" + minus(String(Int(parts[1]) ?? 0)) + "</sup>"
    }

    private static func fixed(_ value: Double, decimals: Int) -> String {
        let text = String(format: "%.\(decimals)f", value)
        return minus(text.contains { ("1"..."9").contains($0) } ? text : text.replacing("-", with: ""))
    }

    private static func minus(_ text: String) -> String { text.replacing("-", with: "−") }

    /// A coordinate in an SVG, to a tenth.
    static func coordinate(_ value: Double) -> String { numberText((value * 10).rounded() / 10) }
}
