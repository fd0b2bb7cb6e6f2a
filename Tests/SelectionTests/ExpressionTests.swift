import MaterialsCore
import Testing

@testable import Selection

/// Evaluates a condition for one row.
private func truth(_ text: String, _ values: [String: Double] = [:]) throws -> UInt8 {
    let e = try Expression(text)
    var result = UInt8.max
    e.evaluate(e.propertyNames.map { [values[$0] ?? .nan] }, rows: 1) { result = $0[0] }
    return result
}

private func number(_ text: String, _ values: [String: Double] = [:]) throws -> Double {
    let e = try Expression(text)
    return e.values(e.propertyNames.map { [values[$0] ?? .nan] }, rows: 1)[0]
}

private func message(_ text: String) -> String {
    do {
        _ = try Expression(text)
        return "accepted"
    } catch { return "\(error)" }
}

@Suite struct ExpressionTests {
    @Test(arguments: [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("8 / 4 / 2", 1), ("8 - 4 - 2", 2), ("-2 * -3", 6), ("2 - -1", 3), ("+5", 5), ("1e-3", 0.001),
        ("1.5E+2", 150), (".5", 0.5), ("abs(-2)", 2), ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("sqrt(9)", 3), ("log(1)", 0),
        ("log10(1000)", 3),
        ("exp(0)", 1), ("-(1 + 1)", -2), ("max(min(1, 2), 0)", 1),
    ]) func arithmetic(_ text: String, _ expected: Double) throws {
        #expect(try number(text) == expected)
    }

    @Test(arguments: [
        ("1 < 2", Truth.true), ("2 < 1", Truth.false), ("1 <= 1", Truth.true), ("1 >= 2", Truth.false), ("1 == 1", Truth.true),
        ("1 != 1", Truth.false),
        ("1.1 < g < 1.7", Truth.true), ("1.1 < g < 1.3", Truth.false), ("2 > g > 1 > 0", Truth.true), ("1 < g*2 < 2", Truth.false),
        ("1 < 2 or 1 < 0 and 1 < 0", Truth.true), ("(1 < 2 or 1 < 0) and 1 < 0", Truth.false), ("not 1 < 2", Truth.false),
        ("not not 1 < 2", Truth.true),
        ("not 2 < 1 and 1 < 2", Truth.true), ("g > 1.1 and g < 1.7", Truth.true), ("`g`== \"g\"", Truth.true),
    ]) func logic(_ text: String, _ expected: UInt8) throws {
        #expect(try truth(text, ["g": 1.4]) == expected)
    }

    @Test func missingValuesFollowKleene() throws {
        // x is missing; T and F stand for a truth of the given kind.
        let words = ["F": ("1 < 0", UInt8(0)), "U": ("x > 1", 1), "T": ("1 > 0", 2)]
        for (a, x) in words.values {
            #expect(try truth("not (\(a))") == 2 - x)
            for (b, y) in words.values {
                #expect(try truth("(\(a)) and (\(b))") == min(x, y))
                #expect(try truth("(\(a)) or (\(b))") == max(x, y))
            }
        }
        for text in [
            "x == x", "x != x", "x < 1", "max(x, 2) > 1", "max(2, x) > 1", "min(2, x) > 1", "min(x, 2) > 1", "0 * x == 0", "log(-1) < 0",
            "sqrt(-1) < 9", "0 / 0 == 1",
            "0 < x < 1",
        ] {
            #expect(try truth(text) == Truth.unknown, "\(text)")
        }
        #expect(try truth("1 / 0 > 1e300") == Truth.true)
    }

    @Test(arguments: [
        ("gap and 1", "column 1", "condition"), ("1 < 2 and gap", "column 11", "condition"), ("(1 < 2) + 1", "column 1", "number"),
        ("1 + (1 < 2)", "column 5", "number"), ("not gap", "column 5", "condition"), ("(a < b) < c", "column 1", "number"),
        ("gap > ", "column 6", "end"),
        ("gap >> 1", "column 6", "'>'"), ("gap = 1", "column 5", "=="), ("gap > 1 & gap < 2", "column 9", "and"),
        ("a ** 2 > 1", "column 3", "power"),
        ("lgo(a) > 1", "column 1", "'log'"), ("log(a, b) > 1", "column 1", "one number"), ("max(a) > 1", "column 1", "two"),
        ("(a > 1", "column 7", "')'"),
        ("a > 1)", "column 6", "')'"), ("`gap", "column 1", "closing"), ("``", "column 1", "empty"), ("", "column 1", "empty"),
        ("1.2.3 > 0", "column 1", "1.2.3"),
        ("2x > 1", "column 1", "2x"), ("gap > 1 gap", "column 9", "'gap'"), ("バンド > 1", "column 1", "back-quotes"),
        ("a > 1 or or b > 1", "column 10", "'or'"), ("phase > 'cubic'", "column 9", "compared with a class"),
        ("'cubic' == 'cubic'", "column 1", "compared with a class"), ("phase == 'cubic", "column 10", "closing"),
        ("phase == ''", "column 10", "empty"),
        ("1e999 < a", "column 1", "number"), ("log(a > 1)", "column 5", "number"), ("-(a > 1)", "column 2", "number"),
    ]) func faultsNameTheirColumn(_ text: String, _ column: String, _ hint: String) {
        let m = message(text)
        #expect(m.contains(column + ":") && m.contains(hint) && !m.contains("\n"), "\(m)")
    }

    @Test func deepOrLongTextIsNoCrash() throws {
        #expect(message(String(repeating: "(", count: 100_000) + "1").contains("nested deeper"))
        #expect(message(String(repeating: "-", count: 100_000) + "1 < 2").contains("nested deeper"))
        #expect(message(String(repeating: "not ", count: 100_000) + "1 < 2").contains("nested deeper"))
        #expect(try number(Array(repeating: "1", count: 20_000).joined(separator: "+")) == 20_000)
    }

    @Test func classesAreComparedByTheirCodes() throws {
        let unresolved = try Expression("phase == 'cubic' or 'P1' != `space group` and gap > 1")
        #expect(unresolved.propertyNames == ["phase", "space group", "gap"])
        #expect(
            unresolved.comparedClasses == [
                ComparedClass(property: "phase", name: "cubic"), ComparedClass(property: "space group", name: "P1"),
            ])
        let columns: [[Double]] = [[0, 2, .nan, 2], [5, 5, 5, 7], [2, 2, 2, 0]]
        var found: [UInt8] = []
        let resolved = unresolved.resolvingClasses { $0.name == "cubic" ? 2 : 5 }
        resolved.evaluate(columns, rows: 4) { t in for i in t.indices { found.append(t[i]) } }
        #expect(found == [Truth.false, Truth.true, Truth.unknown, Truth.true])
        unresolved.evaluate(columns, rows: 4) { t in for i in t.indices { #expect(t[i] == Truth.unknown || i == 3) } }
    }

    @Test func namesInOrderOfFirstUse() throws {
        #expect(try Expression("`band gap (eV)` > b and b < a").propertyNames == ["band gap (eV)", "b", "a"])
    }

    /// Random expressions against a tree-walking twin, many rows with missing values.
    @Test func agreesWithTreeWalk() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<300 {
            let tree = Tree.condition(depth: 4, &random)
            let rows = 1 + random.nextInt(below: 40)
            let columns = ["a", "b", "c"].map { name in
                (name, (0..<rows).map { _ in random.nextInt(below: 5) == 0 ? Double.nan : Double(random.nextInt(below: 7) - 3) })
            }
            let e = try Expression(tree.text)
            let values = Dictionary(uniqueKeysWithValues: columns)
            e.evaluate(e.propertyNames.map { values[$0]! }, rows: rows) { truth in
                for row in 0..<rows { #expect(truth[row] == tree.truth { values[$0]![row] }, "\(tree.text) row \(row)") }
            }
        }
    }
}

/// The naive twin: walks a tree for one row.
private indirect enum Tree {
    case leaf(String)
    case constant(Double)
    case binary(String, Tree, Tree)
    case not(Tree)

    static func condition(depth: Int, _ random: inout SplitMix64) -> Tree {
        switch random.nextInt(below: depth > 0 ? 4 : 1) {
        case 1: .binary("and", condition(depth: depth - 1, &random), condition(depth: depth - 1, &random))
        case 2: .binary("or", condition(depth: depth - 1, &random), condition(depth: depth - 1, &random))
        case 3: .not(condition(depth: depth - 1, &random))
        default:
            .binary(
                ["<", "<=", ">", ">=", "==", "!="][random.nextInt(below: 6)], number(depth: 2, &random), number(depth: 2, &random))
        }
    }

    static func number(depth: Int, _ random: inout SplitMix64) -> Tree {
        switch random.nextInt(below: depth > 0 ? 4 : 2) {
        case 0: .leaf(["a", "b", "c"][random.nextInt(below: 3)])
        case 1: .constant(Double(random.nextInt(below: 4)))
        default:
            .binary(["+", "-", "*", "/"][random.nextInt(below: 4)], number(depth: depth - 1, &random), number(depth: depth - 1, &random))
        }
    }

    var text: String {
        switch self {
        case .leaf(let n): n
        case .constant(let c): numberText(c)
        case .binary(let op, let a, let b): "(\(a.text) \(op) \(b.text))"
        case .not(let a): "(not \(a.text))"
        }
    }

    func value(_ of: (String) -> Double) -> Double {
        switch self {
        case .leaf(let n): return of(n)
        case .constant(let c): return c
        case .binary(let op, let a, let b):
            let (x, y) = (a.value(of), b.value(of))
            return op == "+" ? x + y : op == "-" ? x - y : op == "*" ? x * y : x / y
        case .not: return .nan
        }
    }

    func truth(_ of: (String) -> Double) -> UInt8 {
        guard case .binary(let op, let a, let b) = self else {
            guard case .not(let a) = self else { return 1 }
            return [2, 1, 0][Int(a.truth(of))]
        }
        if op == "and" || op == "or" {
            let (x, y) = (a.truth(of), b.truth(of))
            if op == "and" { return x == 0 || y == 0 ? 0 : x == 2 && y == 2 ? 2 : 1 }
            return x == 2 || y == 2 ? 2 : x == 0 && y == 0 ? 0 : 1
        }
        let (x, y) = (a.value(of), b.value(of))
        if x.isNaN || y.isNaN { return 1 }
        let holds = op == "<" ? x < y : op == "<=" ? x <= y : op == ">" ? x > y : op == ">=" ? x >= y : op == "==" ? x == y : x != y
        return holds ? 2 : 0
    }
}
