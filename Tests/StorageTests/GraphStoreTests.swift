import MaterialsCore
import Storage
import TestSupport
import Testing

extension HDF5Tests {
    /// `/graph` of a candidate store, read back dataset by dataset.
    @Suite struct GraphStoreTests {
        /// A graph of `atoms` nodes in a row, with edges to the next and the one before.
        private func append(_ atoms: Int, to graphs: inout CrystalGraphColumn) {
            var (offsets, targets, images): ([Int], [Int32], [CellOffset]) = ([0], [], [])
            for i in 0..<atoms {
                targets += [Int32((i + atoms - 1) % atoms), Int32((i + 1) % atoms)]
                images += [CellOffset(i == 0 ? -1 : 0, 0, 0), CellOffset(i == atoms - 1 ? 1 : 0, 70_000, -70_000)]
                offsets.append(targets.count)
            }
            graphs.append(
                atomicNumbers: [UInt8](repeating: UInt8(atoms), count: atoms), offsets: offsets, targets: targets, images: images,
                vectors: targets.indices.map { CartesianVector(Double($0), 0.5, -1) }, distances: targets.indices.map { Double($0) + 1 })
        }

        private func batch(_ positions: Range<Int>) -> CandidateBatch {
            var batch = CandidateBatch(schema: CandidateSchema(hasStructures: true))
            for position in positions {
                batch.append(
                    index: CandidateIndex(source: 0, position: position), id: "\(position)".utf8,
                    composition: Composition(sortedAtomicNumbers: [8], amounts: [2]))
            }
            return batch
        }

        private var layout: CrystalGraphLayout {
            var layout = CrystalGraphLayout(rule: "cutoff 5.0 Å, symmetric", isSymmetric: true, nodeFeatureNames: ["Z", "half"])
            (layout.edgeCenters, layout.edgeWidth, layout.expandsEdges) = ([0, 1, 2], 0.5, true)
            (layout.hasVectors, layout.lineCutoff) = (true, 4)
            return layout
        }

        /// Graphs of 1, 2, 3, … 7, 1, … nodes, `step` rows a batch.
        private func write(_ path: String, rows: Int, step: Int, layout: CrystalGraphLayout) throws {
            let writer = try CandidateStoreWriter(
                path: path, schema: CandidateSchema(hasStructures: true), description: StoreDescription(), graphs: layout)
            for start in stride(from: 0, to: rows, by: step) {
                var graphs = CrystalGraphColumn()
                let range = start..<min(start + step, rows)
                for row in range { append(1 + row % 7, to: &graphs) }
                var lines = LineGraphColumn()
                for g in 0..<graphs.count { lines.append(g, of: graphs) }
                try writer.append(
                    batch(range),
                    graphs: CrystalGraphRows(
                        graphs: graphs, nodeFeatures: graphs.atomicNumbers.flatMap { [Float($0), Float($0) / 2] },
                        edgeFeatures: [Float](repeating: 0.25, count: 3 * graphs.edgeCount), lines: lines,
                        angles: [Float](repeating: 1.5, count: lines.pairCount)))
            }
            try writer.finish()
        }

        @Test func everyDatasetReadsBack() throws {
            let folder = try TemporaryFolder()
            try write(folder.file("a.h5"), rows: 9_000, step: 1_000, layout: layout)
            let group = try HDF5File.open(folder.file("a.h5")).root.group("graph")
            let nodes: [UInt64] = try group.dataset("node_offset").read()
            let edges: [UInt64] = try group.dataset("edge_offset").read()
            #expect(nodes.count == 9_001 && edges.count == 9_001 && nodes.last! * 2 == edges.last!)
            let row = 8_003
            let atoms = 1 + row % 7
            let (n, e) = (Int(nodes[row])..<Int(nodes[row + 1]), Int(edges[row])..<Int(edges[row + 1]))
            #expect(n.count == atoms && e.count == 2 * atoms)
            #expect(try group.dataset("node_atomic_number").read(UInt8.self, rows: n) == [UInt8](repeating: UInt8(atoms), count: atoms))
            #expect(try group.dataset("node_feature").read(Float.self, rows: n).prefix(2) == [Float(atoms), Float(atoms) / 2])
            #expect(try group.dataset("edge_source").read(UInt32.self, rows: e) == (0..<UInt32(2 * atoms)).map { $0 / 2 })
            #expect(try group.dataset("edge_target").read(UInt32.self, rows: e).prefix(2) == [UInt32(atoms - 1), 1])
            #expect(try group.dataset("edge_image").read(Int32.self, rows: e).prefix(6) == [-1, 0, 0, 0, 70_000, -70_000])
            #expect(try group.dataset("edge_distance").read(Float.self, rows: e) == (0..<2 * atoms).map { Float($0) + 1 })
            #expect(try group.dataset("edge_vector").read(Float.self, rows: e).suffix(3) == [Float(2 * atoms - 1), 0.5, -1])
            #expect(try group.dataset("edge_center").read(Double.self) == [0, 1, 2])
            #expect(try group.dataset("edge_feature").shape == [Int(edges.last!), 3])
            let lines: [UInt64] = try group.dataset("line_offset").read()
            let pairs = Int(lines[row])..<Int(lines[row + 1])
            #expect(pairs.count == atoms)
            #expect(try group.dataset("line_edge_pair").read(UInt32.self, rows: pairs) == (0..<UInt32(2 * atoms)).map { $0 })
            #expect(try group.dataset("node_feature_name").readStrings() == ["Z", "half"])
            #expect(group.attributes.integer("graph_version") == 1 && group.attributes.string("rule") == layout.rule)
        }

        @Test func bytesDoNotDependOnTheBatches() throws {
            let folder = try TemporaryFolder()
            let plain = CrystalGraphLayout(rule: "nearest 12", isSymmetric: false)
            for (name, step) in [("a", 1_024), ("b", 32), ("c", 1)] {
                let writer = try CandidateStoreWriter(
                    path: folder.file(name), schema: CandidateSchema(hasStructures: true), description: StoreDescription(), graphs: plain)
                for start in stride(from: 0, to: 1_500, by: step) {
                    var graphs = CrystalGraphColumn()
                    let range = start..<min(start + step, 1_500)
                    for row in range { append(1 + row % 7, to: &graphs) }
                    try writer.append(batch(range), graphs: CrystalGraphRows(graphs: graphs))
                }
                try writer.finish()
            }
            #expect(try fileBytes(folder.file("a")) == fileBytes(folder.file("b")))
            #expect(try fileBytes(folder.file("a")) == fileBytes(folder.file("c")))
        }

        @Test func aStoreWithGraphsIsReadAsCandidates() throws {
            let folder = try TemporaryFolder()
            try write(folder.file("a.h5"), rows: 50, step: 50, layout: layout)
            let source = try CandidateStoreSource(path: folder.file("a.h5"))
            #expect(try source.positionCount() == 50 && source.schema.hasStructures)
        }
    }
}
