import MaterialsCore
import Reporting
import Testing

@Suite struct TableTests {
    @Test func rankingGolden() {
        #expect(
            RankingCSV.text(ReportFixture.small) == """
                rank,id,formula,score,gap,gap_std,mass,cost,front,crowding,note
                1,<script>alert(1)</script>,Cu2ZnSnS4,-1,1.5,0.25,0,0.1,1,inf,"say ""hi"", twice"
                2,2,SnS,,1e-07,,,3,2,0.30000000000000004,

                """)
    }

    @Test func rejectionsGolden() {
        let rejections = [
            Rejection(
                index: CandidateIndex(source: 0, position: 7), id: "7", stage: .read,
                defect: CandidateDefect("bad-formula", "'Xy': no \"element\"")),
            Rejection(
                index: CandidateIndex(source: 1, position: 0), id: "a,b\nc", stage: .predict, defect: CandidateDefect("no-value", "")),
        ]
        #expect(
            RejectionsCSV.text(rejections) == """
                index,id,stage,reason,detail
                7,7,read,bad-formula,"'Xy': no ""element\"""
                281474976710656,"a,b
                c",predict,no-value,

                """)
        #expect(RejectionsCSV.text([]) == "index,id,stage,reason,detail\n")
    }

    @Test func lineOfARankedCandidate() {
        let kept = KeptCandidate(
            index: CandidateIndex(source: 0, position: 1), id: "m", composition: Composition([(Element(symbol: "O")!, 1)]), objectives: [2],
            values: [2, .nan],
            spreads: [0.5, .nan], texts: ["t"])
        let row = RankedRow(rank: 3, RankedCandidate(candidate: kept, score: 2, extras: [.nan]), formula: "O", known: ["gap"])
        #expect(
            row
                == RankedRow(
                    rank: 3, id: "m", formula: "O", score: 2, values: [2, .nan], spreads: [0.5, .nan], objectives: [2], extras: [.nan],
                    texts: ["t"], known: ["gap"]))
        #expect(row.values == [2, nil] && row.extras == [nil])
    }
}
