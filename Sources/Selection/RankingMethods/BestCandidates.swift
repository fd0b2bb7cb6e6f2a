import MaterialsCore

/// The best k candidates by (score, lower index): the same set for any cut of the run and any order of merging.
public struct BestCandidates: RankingFold {
    private let capacity: Int
    private let utilities: [WeightedUtility]
    private var candidates: [KeptCandidate] = []
    /// Binary heap with the worst candidate on top; `slot` is its place in `candidates`.
    private var heap: [Entry] = []

    private struct Entry {
        var score: Double
        var index: CandidateIndex
        var slot: Int

        func isWorse(than other: Entry) -> Bool { score != other.score ? score < other.score : index > other.index }
    }

    init(capacity: Int, utilities: [WeightedUtility]) { (self.capacity, self.utilities) = (capacity, utilities) }

    /// What is held, in index order.
    public var held: [KeptCandidate] { candidates.sorted { $0.index < $1.index } }

    /// Takes in the survivors of a batch.
    public mutating func insert(_ batch: ObjectiveBatch) {
        let scores = utilities.scores(batch)
        for row in scores.indices {
            // Most rows end here once the heap is full.
            if heap.count == capacity, scores[row] < heap[0].score { continue }
            let entry = Entry(score: scores[row], index: batch.indices[row], slot: 0)
            if admits(entry) { place(entry, batch.candidate(row)) }
        }
    }

    /// Takes in what another part of the run holds.
    public mutating func merge(_ other: BestCandidates) { for candidate in other.candidates { insert(candidate) } }

    mutating func insert(_ candidate: KeptCandidate) {
        let entry = Entry(score: utilities.score(candidate.objectives), index: candidate.index, slot: 0)
        if admits(entry) { place(entry, candidate) }
    }

    private func admits(_ entry: Entry) -> Bool { heap.count < capacity || heap[0].isWorse(than: entry) }

    private mutating func place(_ entry: Entry, _ candidate: KeptCandidate) {
        var entry = entry
        if heap.count < capacity {
            entry.slot = candidates.count
            candidates.append(candidate)
            heap.append(entry)
            siftUp()
        } else {
            entry.slot = heap[0].slot
            candidates[entry.slot] = candidate
            heap[0] = entry
            siftDown()
        }
    }

    private mutating func siftUp() {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if !heap[child].isWorse(than: heap[parent]) { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var worst = parent
            for child in (2 * parent + 1)...(2 * parent + 2) where child < heap.count && heap[child].isWorse(than: heap[worst]) {
                worst = child
            }
            if worst == parent { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
