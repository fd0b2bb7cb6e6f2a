import Foundation
import MaterialsCore
import Testing

@testable import Formats

private func read(_ text: String) -> DecimalNumber.Cell {
    let bytes = Array(text.utf8)
    return DecimalNumber.read(bytes.span)
}

@Suite struct DecimalNumberTests {
    /// Every way of writing must give the double that the system's parser gives, to the bit.
    @Test func agreesWithTheSystem() throws {
        var random = SplitMix64(seed: 51)
        for i in 0..<200_000 {
            let x = Double(bitPattern: random.next() & 0xffef_ffff_ffff_ffff)
            let unit = (random.nextUnit() - 0.5) * 100
            let digits = String(random.next() >> UInt64(random.nextInt(below: 64)))
            let text =
                switch i % 7 {
                case 0: "\(x)"
                case 1: "\(unit)"
                case 2: "0.\(digits)"
                case 3: "-\(digits)e\(random.nextInt(below: 60) - 40)"
                case 4: "\(random.nextInt(below: 1000)).\(digits)E+\(random.nextInt(below: 12))"
                case 5: "\(digits)\(random.next() >> 40)E\(random.nextInt(below: 130) - 70)"
                default: "+\(digits).\(random.next())"
                }
            let expected = try #require(Double(text))
            guard case .number(let value) = read(text) else {
                Issue.record("\(text)")
                continue
            }
            #expect(value.bitPattern == expected.bitPattern, "\(text)")
        }
    }

    /// Halfway cases, where the last bit hangs on all digits.
    @Test func halvesGoToEven() throws {
        for k in 0..<2000 {
            let text = "\(9_007_199_254_740_992 + UInt64(2 * k + 1))"
            #expect(read(text) == .number(try #require(Double(text))))
            for tail in ["", "0", "1"] {
                let text = "\(4_503_599_627_370_496 + UInt64(k)).5\(tail)"
                #expect(read(text) == .number(try #require(Double(text))), "\(text)")
            }
        }
    }

    /// Ties that only digits far behind break, and powers of ten at which a product of 128 bits is barely enough.
    @Test func longMantissasAndTies() throws {
        var random = SplitMix64(seed: 52)
        for _ in 0..<20_000 {
            let odd = 1 << 53 | random.next() >> 10 | 1
            // Half of an odd number of 54 bits lies between two doubles.
            let zeros = String(repeating: "0", count: random.nextInt(below: 30))
            for text in [
                "\(odd / 2).5", "\(odd / 2).5\(zeros)1", "\(odd / 2).4\(String(repeating: "9", count: 30))",
                "\(odd)\(zeros)e-\(zeros.count)",
            ] {
                #expect(read(text) == .number(try #require(Double(text))), "\(text)")
            }
        }
        for exponent in -60...60 {
            for mantissa: UInt64 in [1, 3, 9_007_199_254_740_993, 9_999_999_999_999_999_999, .max, 1 << 63, 1 << 63 - 1] {
                let text = "\(mantissa)e\(exponent)"
                #expect(read(text) == .number(try #require(Double(text))), "\(text)")
            }
        }
    }

    @Test func knowsMissingFromInvalid() {
        for text in ["", "nan", "NaN", "NAN", "NA", "na", "N/A", "null", "NULL", "None", "none"] {
            #expect(read(text) == .missing, "\(text)")
        }
        for text in [
            "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "inf", "-inf", "Infinity", "1e999", "1_000", "--1", "1 2", "nano",
            "n", "1f", "１",
            "12abc", "1e5.5", "nun", "nonee",
        ] {
            #expect(read(text) == .invalid, "\(text)")
        }
        #expect(read("1.") == .number(1) && read(".5") == .number(0.5) && read("+.5e1") == .number(5) && read("1e-400") == .number(0))
        if case .number(let zero) = read("-0") { #expect(zero == 0 && zero.sign == .minus) } else { Issue.record("-0") }
        #expect(read("0." + String(repeating: "0", count: 400) + "1e401") == .number(1))
        #expect(read(String(repeating: "9", count: 400)) == .invalid)
        #expect(read("0e99999999999999999999") == .number(0))
    }
}
