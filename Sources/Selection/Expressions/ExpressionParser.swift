import MaterialsCore

/// Parses an expression by recursive descent and writes its postfix program on the way; checks types as it goes.
struct ExpressionParser {
    private let text: String
    private let tokens: [(token: ExpressionToken, column: Int)]
    private var position = 0
    private var depth = 0
    private(set) var names: [String] = []
    private(set) var comparedClasses: [ComparedClass] = []
    private(set) var program = ExpressionProgram()

    private static let keywords: Set<String> = ["and", "or", "not"]
    /// Nesting that no one writes by hand but that would exhaust the stack.
    private static let maximumDepth = 100

    init(_ text: String) throws {
        self.text = text
        tokens = try ExpressionLexer.tokens(text)
    }

    mutating func parse() throws -> Expression.Kind {
        if tokens[0].token == .end { throw fault(1, "the expression is empty") }
        let kind = try disjunction()
        guard current == .end else { throw fault(column, "unexpected \(describe(current)); join conditions with and, or") }
        return kind
    }

    // MARK: Words

    private var current: ExpressionToken { tokens[position].token }
    private var column: Int { tokens[position].column }
    private func fault(_ column: Int, _ message: String) -> MatSieveError { ExpressionLexer.fault(text, column: column, message) }

    private mutating func accept(_ token: ExpressionToken) -> Bool {
        guard current == token else { return false }
        position += 1
        return true
    }

    private mutating func acceptSymbol(among symbols: [String]) -> String? {
        guard case .symbol(let s) = current, symbols.contains(s) else { return nil }
        position += 1
        return s
    }

    private func describe(_ token: ExpressionToken) -> String {
        switch token {
        case .number(let n): "number \(numberText(n))"
        case .name(let n), .quotedName(let n): "'\(n)'"
        case .text(let t): "the text '\(t)'"
        case .symbol(let s): "'\(s)'"
        case .end: "end of the expression"
        }
    }

    private func expect(_ wanted: Expression.Kind, _ found: Expression.Kind, at column: Int, for place: String) throws {
        if wanted == found { return }
        let cure = wanted == .boolean ? "compare it, such as gap > 1" : "write several comparisons joined with and"
        throw fault(column, "\(place) needs a \(wanted.rawValue), but here is a \(found.rawValue); \(cure)")
    }

    // MARK: Grammar, loosest first

    private mutating func disjunction() throws -> Expression.Kind {
        try logic("or", .or) { try $0.conjunction() }
    }

    private mutating func conjunction() throws -> Expression.Kind {
        try logic("and", .and) { try $0.negation() }
    }

    private mutating func logic(
        _ word: String, _ instruction: ExpressionInstruction, operand: (inout Self) throws -> Expression.Kind
    ) throws -> Expression.Kind {
        let start = column
        let first = try operand(&self)
        guard current == .name(word) else { return first }
        try expect(.boolean, first, at: start, for: "'\(word)'")
        while accept(.name(word)) {
            let place = column
            try expect(.boolean, try operand(&self), at: place, for: "'\(word)'")
            program.append(instruction)
        }
        return .boolean
    }

    private mutating func negation() throws -> Expression.Kind {
        guard accept(.name("not")) else { return try comparison() }
        let place = column
        try nested { try $0.expect(.boolean, try $0.negation(), at: place, for: "'not'") }
        program.append(.not)
        return .boolean
    }

    /// `phase == 'perovskite'`, either way round, or != instead; false where something else comes.
    private mutating func classComparison() -> Bool {
        guard position + 2 < tokens.count, case .symbol(let relation) = tokens[position + 1].token, ["==", "!="].contains(relation),
            let (property, name) = Self.classAndText(tokens[position].token, tokens[position + 2].token)
        else { return false }
        position += 3
        _ = self.property(property)
        program.append(.classCode(comparedClasses.count))
        comparedClasses.append(ComparedClass(property: property, name: name))
        program.append(ExpressionInstruction.comparison(relation)!)
        return true
    }

    private static func classAndText(_ a: ExpressionToken, _ b: ExpressionToken) -> (property: String, name: String)? {
        switch (a, b) {
        case (.name(let p), .text(let t)) where !keywords.contains(p): (p, t)
        case (.text(let t), .name(let p)) where !keywords.contains(p): (p, t)
        case (.quotedName(let p), .text(let t)), (.text(let t), .quotedName(let p)): (p, t)
        default: nil
        }
    }

    private mutating func comparison() throws -> Expression.Kind {
        if classComparison() { return .boolean }
        let start = column
        let first = try sum()
        var links = 0
        while case .symbol(let s) = current, let relation = ExpressionInstruction.comparison(s) {
            try expect(.number, links == 0 ? first : .number, at: start, for: "'\(s)'")
            position += 1
            let (place, code) = (column, program.count)
            try expect(.number, try sum(), at: place, for: "'\(s)'")
            let operand = program.instructions(from: code)
            program.append(relation)
            if links > 0 { program.append(.and) }
            links += 1
            // In a chain a < b < c the middle is computed once more for the second comparison.
            if case .symbol(let next) = current, ExpressionInstruction.comparison(next) != nil { program.append(contentsOf: operand) }
        }
        return links == 0 ? first : .boolean
    }

    private mutating func sum() throws -> Expression.Kind {
        try arithmetic(["+": .add, "-": .subtract]) { try $0.product() }
    }

    private mutating func product() throws -> Expression.Kind {
        try arithmetic(["*": .multiply, "/": .divide]) { try $0.signed() }
    }

    private mutating func arithmetic(
        _ operators: [String: ExpressionInstruction], operand: (inout Self) throws -> Expression.Kind
    ) throws -> Expression.Kind {
        let start = column
        let first = try operand(&self)
        let symbols = Array(operators.keys)
        while let s = acceptSymbol(among: symbols) {
            try expect(.number, first, at: start, for: "'\(s)'")
            let place = column
            try expect(.number, try operand(&self), at: place, for: "'\(s)'")
            program.append(operators[s]!)
        }
        return first
    }

    private mutating func signed() throws -> Expression.Kind {
        if accept(.symbol("+")) { return try nested { try $0.signed() } }
        guard accept(.symbol("-")) else { return try primary() }
        let place = column
        try nested { try $0.expect(.number, try $0.signed(), at: place, for: "'-'") }
        program.append(.negate)
        return .number
    }

    private mutating func primary() throws -> Expression.Kind {
        let (token, start) = (current, column)
        position += token == .end ? 0 : 1
        switch token {
        case .number(let value):
            program.append(.constant(value))
            return .number
        case .quotedName(let name): return property(name)
        case .text(let t): throw fault(start, "a text is compared with a class: phase == '\(t)'; names go in back-quotes or double quotes")
        case .name(let name) where current == .symbol("("): return try call(name, at: start)
        case .name(let name) where !Self.keywords.contains(name): return property(name)
        case .symbol("("):
            let kind = try nested { try $0.disjunction() }
            guard accept(.symbol(")")) else {
                throw fault(column, "')' expected before \(describe(current)), for the '(' at column \(start)")
            }
            return kind
        default: throw fault(start, "a number, a property or '(' expected, not \(describe(token))")
        }
    }

    private mutating func property(_ name: String) -> Expression.Kind {
        if !names.contains(name) { names.append(name) }
        program.append(.column(names.firstIndex(of: name)!))
        return .number
    }

    private mutating func call(_ name: String, at start: Int) throws -> Expression.Kind {
        guard let function = ExpressionFunction(rawValue: name) else {
            throw fault(start, "unknown function '\(name)'" + suggestion(for: name, among: ExpressionFunction.allCases.map(\.rawValue)))
        }
        position += 1
        var arguments = 0
        repeat {
            let place = column
            try nested { try $0.expect(.number, try $0.disjunction(), at: place, for: "'\(name)'") }
            arguments += 1
            if arguments > 1, let fold = function.fold { program.append(fold) }
        } while accept(.symbol(","))
        guard accept(.symbol(")")) else { throw fault(column, "')' expected before \(describe(current)), to end '\(name)('") }
        if function.fold == nil {
            guard arguments == 1 else { throw fault(start, "'\(name)' takes one number, not \(arguments)") }
            program.append(.function(function))
        } else if arguments < 2 {
            throw fault(start, "'\(name)' takes at least two numbers")
        }
        return .number
    }

    private mutating func nested<T>(_ body: (inout Self) throws -> T) throws -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw fault(column, "nested deeper than \(Self.maximumDepth) levels; simplify") }
        return try body(&self)
    }
}
