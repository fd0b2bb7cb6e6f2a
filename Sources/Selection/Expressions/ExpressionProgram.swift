import MaterialsCore

/// A function that an expression may call.
enum ExpressionFunction: String, CaseIterable, Sendable {
    case abs, exp, log, log10, max, min, sqrt

    /// The instruction that takes in one more argument, for functions of several.
    var fold: ExpressionInstruction? {
        switch self {
        case .max: .maximum
        case .min: .minimum
        default: nil
        }
    }
}

/// One step of a postfix program; numbers and truth values have a stack each.
enum ExpressionInstruction: Equatable, Sendable {
    case column(Int)
    case constant(Double)
    /// Code of a class that is compared, by its place among those of the program; missing until it is known.
    case classCode(Int)
    case add, subtract, multiply, divide, negate, minimum, maximum
    case function(ExpressionFunction)
    case less, lessOrEqual, greater, greaterOrEqual, equal, unequal
    case and, or, not

    static func comparison(_ symbol: String) -> ExpressionInstruction? {
        switch symbol {
        case "<": .less
        case "<=": .lessOrEqual
        case ">": .greater
        case ">=": .greaterOrEqual
        case "==": .equal
        case "!=": .unequal
        default: nil
        }
    }

    /// Change of the height of the number stack and of the truth stack.
    var effect: (numbers: Int, truths: Int) {
        switch self {
        case .column, .constant, .classCode: (1, 0)
        case .add, .subtract, .multiply, .divide, .minimum, .maximum: (-1, 0)
        case .negate, .function, .not: (0, 0)
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal: (-2, 1)
        case .and, .or: (0, -1)
        }
    }
}

/// A flat postfix program; each instruction works on the whole batch.
struct ExpressionProgram: Sendable {
    private var instructions: [ExpressionInstruction] = []
    private var numbers = 0
    private var truths = 0
    /// Greatest height of the stack of numbers.
    private(set) var numberDepth = 0
    /// Greatest height of the stack of truth values.
    private(set) var truthDepth = 0

    var count: Int { instructions.count }

    mutating func append(_ instruction: ExpressionInstruction) {
        instructions.append(instruction)
        numbers += instruction.effect.numbers
        truths += instruction.effect.truths
        numberDepth = max(numberDepth, numbers)
        truthDepth = max(truthDepth, truths)
    }

    mutating func append(contentsOf more: [ExpressionInstruction]) { for i in more { append(i) } }

    /// Puts numbers in the place of class codes.
    mutating func resolve(_ codes: [Double]) {
        instructions = instructions.map { if case .classCode(let i) = $0 { .constant(codes[i]) } else { $0 } }
    }

    func instructions(from start: Int) -> [ExpressionInstruction] { Array(instructions[start...]) }

    /// Runs over all rows; the result is the bottom of the stack that the program's kind names.
    func run(_ columns: [[Double]], scratch: inout ExpressionScratch) {
        scratch.clear()
        for instruction in instructions { scratch.execute(instruction, columns) }
    }
}
