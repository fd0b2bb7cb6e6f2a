/// How numbers are written in every output: the shortest text that reads back the same; NaN is empty, -0.0 is 0.
public func numberText(_ value: Double) -> String {
    if value.isNaN { return "" }
    if value == 0 { return "0" }
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
    return "\(value)"
}
