import MaterialsCore

/// A piece of JSON whose members keep their order.
indirect enum JSONValue {
    case null
    case boolean(Bool)
    /// A number, as it is to be written.
    case number(String)
    case text(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// A double as the shortest text that reads back the same; NaN is null, an infinity the text `inf` or `-inf`.
    init(_ value: Double) {
        if value.isNaN {
            self = .null
        } else if value.isInfinite {
            self = .text(value < 0 ? "-inf" : "inf")
        } else {
            self = .number(numberText(value))
        }
    }

    private var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    /// Text with two spaces an indentation; what holds only scalars stands on one line.
    func write(to out: inout String, indentation: Int = 0) {
        switch self {
        case .null: out += "null"
        case .boolean(let b): out += b ? "true" : "false"
        case .number(let n): out += n
        case .text(let t): writeJSONString(t, to: &out)
        case .array(let items):
            let isFlat = items.allSatisfy(\.isScalar)
            Self.write(items, "[", "]", isFlat: isFlat, indentation, &out) { $0.write(to: &$1, indentation: indentation + 1) }
        case .object(let members):
            let isFlat = indentation > 0 && members.allSatisfy(\.value.isScalar)
            Self.write(members, "{", "}", isFlat: isFlat, indentation, &out) { member, out in
                writeJSONString(member.key, to: &out)
                out += ": "
                member.value.write(to: &out, indentation: indentation + 1)
            }
        }
    }

    private static func write<T>(
        _ items: [T], _ open: String, _ close: String, isFlat: Bool, _ indentation: Int, _ out: inout String,
        item: (T, inout String) -> Void
    ) {
        out += open
        for (i, member) in items.enumerated() {
            if i > 0 { out += isFlat ? ", " : "," }
            if !isFlat { out += "\n" + String(repeating: "  ", count: indentation + 1) }
            item(member, &out)
        }
        if !isFlat && !items.isEmpty { out += "\n" + String(repeating: "  ", count: indentation) }
        out += close
    }
}

/// A string between quotes; control characters, and line separators that JavaScript stumbles over, are escaped.
func writeJSONString(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\r": out += "\\r"
        case "\t": out += "\\t"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f || scalar.value == 0x2028 || scalar.value == 0x2029:
            let digits = String(scalar.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: out.unicodeScalars.append(scalar)
        }
    }
    out += "\""
}

/// A JSON string with its quotes.
public func jsonString(_ text: String) -> String {
    var out = ""
    writeJSONString(text, to: &out)
    return out
}
