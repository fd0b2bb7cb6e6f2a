/// Greatest common divisor of two numbers of at least 0; of 0 and a number that number.
public func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}
