import Symmetry
import Testing

@Suite struct SpaceGroupTests {
    @Test func knowsAllSettings() {
        #expect(SpaceGroup(hallNumber: 0) == nil && SpaceGroup(hallNumber: 531) == nil)
        #expect(Set((1...530).map { SpaceGroup(hallNumber: $0)!.number }) == Set(1...230))
        #expect(SpaceGroup(hallNumber: 523)?.symbol == "Fm-3m")
    }
}
