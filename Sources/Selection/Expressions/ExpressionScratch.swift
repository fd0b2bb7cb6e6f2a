import MaterialsCore

/// The two stacks of a running program, one column of `rows` values a level.
struct ExpressionScratch {
    private let rows: Int
    private(set) var numbers: [Double]
    private(set) var truths: [UInt8]
    private var numberTop = 0
    private var truthTop = 0

    init(_ program: ExpressionProgram, rows: Int) {
        self.rows = rows
        numbers = [Double](repeating: 0, count: program.numberDepth * rows)
        truths = [UInt8](repeating: Truth.unknown, count: program.truthDepth * rows)
    }

    mutating func clear() { (numberTop, truthTop) = (0, 0) }

    mutating func execute(_ instruction: ExpressionInstruction, _ columns: [[Double]]) {
        switch instruction {
        case .column(let i): push(columns[i])
        case .constant(let value): push(value)
        case .classCode: push(.nan)
        case .add: combine { $0 + $1 }
        case .subtract: combine { $0 - $1 }
        case .multiply: combine { $0 * $1 }
        case .divide: combine { $0 / $1 }
        case .minimum: combine { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
        case .maximum: combine { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
        case .negate: map { -$0 }
        case .function(let function): call(function)
        case .less: compare { $0 < $1 }
        case .lessOrEqual: compare { $0 <= $1 }
        case .greater: compare { $0 > $1 }
        case .greaterOrEqual: compare { $0 >= $1 }
        case .equal: compare { $0 == $1 }
        case .unequal: compare { $0 != $1 }
        case .and: decide { Swift.min($0, $1) }
        case .or: decide { Swift.max($0, $1) }
        case .not: for i in (truthTop - 1) * rows..<truthTop * rows { truths[i] = 2 - truths[i] }
        }
    }

    private mutating func call(_ function: ExpressionFunction) {
        switch function {
        case .abs: map { Swift.abs($0) }
        case .exp: map { PortableMath.exp($0) }
        case .log: map { PortableMath.log($0) }
        case .log10: map { PortableMath.log10($0) }
        case .sqrt: map { $0.squareRoot() }
        case .min, .max: preconditionFailure("folded while parsing")
        }
    }

    private mutating func push(_ column: [Double]) {
        let start = numberTop * rows
        for row in 0..<rows { numbers[start + row] = column[row] }
        numberTop += 1
    }

    private mutating func push(_ value: Double) {
        for i in numberTop * rows..<(numberTop + 1) * rows { numbers[i] = value }
        numberTop += 1
    }

    // The closures below are literals at the call: inlined, so the loops stay loops over plain numbers.

    @inline(__always)
    private mutating func map(_ function: (Double) -> Double) {
        for i in (numberTop - 1) * rows..<numberTop * rows { numbers[i] = function(numbers[i]) }
    }

    @inline(__always)
    private mutating func combine(_ function: (Double, Double) -> Double) {
        numberTop -= 1
        for i in (numberTop - 1) * rows..<numberTop * rows { numbers[i] = function(numbers[i], numbers[i + rows]) }
    }

    @inline(__always)
    private mutating func compare(_ relation: (Double, Double) -> Bool) {
        numberTop -= 2
        let (a, b, out) = (numberTop * rows, (numberTop + 1) * rows, truthTop * rows)
        for row in 0..<rows {
            let (x, y) = (numbers[a + row], numbers[b + row])
            truths[out + row] = x.isNaN || y.isNaN ? Truth.unknown : relation(x, y) ? Truth.true : Truth.false
        }
        truthTop += 1
    }

    @inline(__always)
    private mutating func decide(_ function: (UInt8, UInt8) -> UInt8) {
        truthTop -= 1
        for i in (truthTop - 1) * rows..<truthTop * rows { truths[i] = function(truths[i], truths[i + rows]) }
    }
}
