import MaterialsCore
import Testing

@Suite struct CSVWriterTests {
    @Test func quotesWhereItMust() {
        var w = CSVWriter(header: ["a", "b,c"])
        w.write("x\"y")
        w.write("two\nlines")
        w.endRow()
        w.write(1.5)
        w.write(Double.nan)
        w.write(-0.0)
        w.write(7)
        w.endRow()
        #expect(String(decoding: w.bytes, as: UTF8.self) == "a,\"b,c\"\n\"x\"\"y\",\"two\nlines\"\n1.5,,0,7\n")
    }

    @Test func aRowOfOneEmptyCellIsNoBlankLine() {
        var w = CSVWriter(header: ["a"])
        let header = w.take()
        w.write("")
        w.endRow()
        w.write("")
        w.write("")
        w.endRow()
        #expect(String(decoding: header + w.take(), as: UTF8.self) == "a\n\"\"\n,\n")
        #expect(w.bytes.isEmpty)
    }
}
