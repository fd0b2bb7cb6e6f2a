/// How numbers are written in every output: the shortest text that reads back the same; NaN is empty, -0.0 is 0.
public func numberText(_ value: Double) -> String {
    if value.isNaN { return "" }
    if value == 0 { return "0" }
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
    return "\(value)"
}

/// The shortest decimal that reads back the same, without an exponent: `0.00001`, not `1e-05`.
///
/// - Scope: finite numbers.
public func plainDecimal(_ value: Double) -> String {
    let text = numberText(value)
    guard let e = text.firstIndex(where: { $0 == "e" || $0 == "E" }), let exponent = Int(text[text.index(after: e)...]) else { return text }
    let sign = text.hasPrefix("-") ? "-" : ""
    let mantissa = text[..<e].drop { $0 == "-" }
    let whole = mantissa.prefix { $0 != "." }
    let fraction = mantissa.dropFirst(whole.count + 1)
    let point = whole.count + exponent
    let digits = String(whole + fraction)
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
}

/// A number in a message: four places behind the point; all digits where that would say nothing.
public func roughNumberText(_ value: Double) -> String {
    value != 0 && abs(value) < 1e-4 || abs(value) > 1e9 ? "\(value)" : numberText((value * 1e4).rounded() / 1e4)
}
